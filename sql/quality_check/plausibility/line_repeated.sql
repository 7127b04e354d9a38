-- what: H-resept lines of the same patient, date, medicine, item and amount
-- grain: one row per failing row
-- key: dispensing_id
-- check: plausibility
-- source: regulation §3.5, §7.7
with
placed as (
    select
        dispensing_id,
        amount,
        first_value(dispensing_id) over same_line as first_id,
        row_number() over same_line as place,
    from finding_line
    where atc is not null and coalesce(amount, 0) >= 0
    window same_line as (
        partition by patient_id, dispensing_date, atc, item_number, amount, hf_orgnr order by dispensing_id
    )
)

select
    dispensing_id,
    first_id as partner_id,
    first_id as value,
from placed
where place > 1
