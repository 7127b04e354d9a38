-- what: what is odd about a case and may have decided its group
-- grain: one row per case and finding
-- key: case_nr, finding
-- source: docs/grouper.md, A case: features: taken over
with
judged as (
    select
        case_field.*,
        regexp_full_match(age_days, '[+-]?[0-9]+') as age_is_number,
        regexp_full_match(duration, '[+-]?[0-9]+') as duration_is_number,
        list_bool_or([
            trim(replace(place.code, '.', '')) = '' and trim(replace(place.second_code, '.', '')) <> ''
            for place in diagnoses
        ]) as has_second_alone,
    from case_field
),

found as (
    select
        case_nr,
        [
            if(is_short, 'short_string', null),
            if(has_more_than_pair, 'more_than_a_pair', null),
            if(has_second_alone, 'second_code_alone', null),
            if(sex not in (select value from state_number where kind = 'sex'), 'sex_unknown', null),
            if(
                upper(discharge) not in (select value from state_number where kind = 'discharge'),
                'discharge_unknown',
                null
            ),
            case
                when age_days = '' then 'age_missing'
                when not age_is_number then 'age_invalid'
                when age_days like '-%' and not regexp_full_match(age_days, '-0+') then 'age_negative'
            end,
            case
                when duration = '' then 'duration_missing'
                when not duration_is_number then 'duration_invalid'
                when duration like '-%' and not regexp_full_match(duration, '-0+') then 'duration_negative'
            end
        ] as findings,
    from judged
)

select
    case_nr,
    finding,
from (select case_nr, unnest(findings) as finding from found) as listed
where finding is not null
