-- what: the institution: that of the department's other episodes
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: institution
-- source: regulation §3.5, §7.18
select
    finding_nr,
    1 as variant,
    1 as weight,
    'episode' as file,
    cast(episode_nr as varchar) as row_key,
    'institusjonID' as column_name,
    proposed as value,
from finding
where repair = 'institution'
