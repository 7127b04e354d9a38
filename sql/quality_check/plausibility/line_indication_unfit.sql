-- what: H-resept lines with an indication that gives no service for the medicine, or only that of any medicine
-- grain: one row per failing row
-- key: dispensing_id
-- check: plausibility
-- source: regulation §7.7
with
-- The service that any medicine gives with any indication.
general as (
    select stg from ref.stg_medicine where icd10_prefix = '*'
),

-- Medicines that hardly ever give the general service: with another indication they give their own.
own_service as (
    select atc
    from prescription
    where reason = 'included'
    group by atc
    having count(*) filter (where stg in (select stg from general)) * (
        select number from check_parameter where check_id = 'line_indication_unfit' and parameter = 'one_in'
    ) <= count(*)
)

select
    dispensing_id,
    indication || coalesce(' ' || atc, '') as value,
from prescription
where reason = 'no_service'
    or (
        reason = 'included'
        and stg in (select stg from general)
        and atc in (select atc from own_service)
    )
