-- what: what scalar criteria and the main diagnosis decide alone: each combination that occurs
-- grain: one row per combination of the kind of main diagnosis and the scalar features
-- key: situation_nr
-- source: docs/grouper.md, How it is computed
select
    cast(row_number() over () as integer) as situation_nr,
    *,
from (
    select distinct kind_nr, sex_state, discharge_state, age_days, duration, or_state, level from content_feature
) as met
