-- what: H-resept lines of the same patient, medicine, item and amount, on the same date or a few days later
-- grain: one row per failing row
-- key: dispensing_id
-- check: plausibility
-- source: regulation §3.5, §7.7
with
placed as (
    select
        dispensing_id,
        dispensing_date,
        lag(dispensing_id) over same_line as earlier_id,
        lag(dispensing_date) over same_line as earlier_date,
    from finding_line
    where atc is not null and coalesce(amount, 0) >= 0
    window same_line as (
        partition by patient_id, atc, item_number, amount, hf_orgnr order by dispensing_date, dispensing_id
    )
)

select
    dispensing_id,
    earlier_id as partner_id,
    earlier_id as value,
from placed
where dispensing_date - earlier_date <= (
    select number from check_parameter where check_id = 'line_repeated' and parameter = 'days'
)
