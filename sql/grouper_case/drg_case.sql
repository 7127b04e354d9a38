-- what: sex, age, discharge mode and duration of each case; an age or duration that is no whole number counts as 0
-- grain: one row per case
-- key: case_nr
-- source: docs/grouper.md, How a rule is matched: features: taken over
with
-- Numbers of any length; beyond two thousand million they are all alike.
numbered as (
    select
        *,
        2000000000 as most,
        regexp_full_match(age_days, '[+-]?[0-9]+') as age_is_number,
        regexp_full_match(duration, '[+-]?[0-9]+') as duration_is_number,
        try_cast(age_days as hugeint) as age_value,
        try_cast(duration as hugeint) as duration_value,
    from case_field
)

select
    case_nr,
    id,
    sex,
    upper(discharge) as discharge,
    cast(
        case
            when not age_is_number then 0
            else least(most, greatest(-most, coalesce(age_value, if(age_days like '-%', -most, most))))
        end as integer
    ) as age_days,
    cast(
        case
            when not duration_is_number then 0
            else least(most, greatest(-most, coalesce(duration_value, if(duration like '-%', -most, most))))
        end as integer
    ) as duration,
from numbered
