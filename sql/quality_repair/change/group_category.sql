-- what: the main diagnostic category: that of the group
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: group_category
-- source: regulation §4.19, §7.18
select
    finding_nr,
    1 as variant,
    1 as weight,
    'episode' as file,
    cast(episode_nr as varchar) as row_key,
    'hdg' as column_name,
    proposed as value,
from finding
where repair = 'group_category'
