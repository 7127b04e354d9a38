-- what: H-resept lines of the same patient, medicine, item and amount, on the same date or a few days later
-- grain: one row per failing row
-- key: dispensing_id
-- check: plausibility
-- source: regulation §3.5, §7.7
with
placed as (
    select
        *,
        lag(dispensing_id) over same_line as earlier_id,
        coalesce(dispensing_date - lag(dispensing_date) over same_line <= (
            select number from check_parameter where check_id = 'line_repeated' and parameter = 'days'
        ), false) as is_repeated,
    from finding_line
    where atc is not null and coalesce(amount, 0) >= 0
    window same_line as (
        partition by patient_id, atc, item_number, amount, hf_orgnr order by dispensing_date, dispensing_id
    )
),

-- Lines that lie close together, one after the other.
gathered as (
    select
        *,
        count(*) filter (where not is_repeated) over (
            partition by patient_id, atc, item_number, amount, hf_orgnr order by dispensing_date, dispensing_id
        ) as series,
    from placed
)

-- The first of them is the value: an answer holds as long as that one is reported.
select
    dispensing_id,
    earlier_id as partner_id,
    first_value(dispensing_id) over (
        partition by patient_id, atc, item_number, amount, hf_orgnr, series order by dispensing_date, dispensing_id
    ) as value,
from gathered
qualify is_repeated
