-- what: the care level taken away, so that the contact is not one of an inpatient
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: care_level_removed
-- source: regulation §5.2.4
select
    finding_nr,
    1 as variant,
    1 as weight,
    'episode' as file,
    cast(episode_nr as varchar) as row_key,
    'omsorgsniva' as column_name,
    '' as value,
from finding
where repair = 'care_level_removed'
