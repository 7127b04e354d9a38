-- what: H-resept lines whose two indications give two services
-- grain: one row per failing row
-- key: dispensing_id
-- check: plausibility
-- source: regulation §7.7
with
pair as (
    select distinct
        atc,
        dispensing_code,
        prescription_code,
    from finding_line
    where dispensing_code <> prescription_code
),

code as (
    select atc, dispensing_code as code from pair
    union
    select atc, prescription_code as code from pair
),

matched as (
    select
        code.atc,
        code.code,
        arg_min(medicine.stg, medicine.priority) as stg,
    from code
    inner join ref.stg_medicine as medicine
        on (medicine.atc_prefix = '*' or starts_with(code.atc, medicine.atc_prefix))
        and (medicine.icd10_prefix = '*' or starts_with(code.code, medicine.icd10_prefix))
    group by code.atc, code.code
),

disagreeing as (
    select pair.*
    from pair
    left join matched as dispensed
        on dispensed.atc is not distinct from pair.atc and dispensed.code = pair.dispensing_code
    left join matched as prescribed
        on prescribed.atc is not distinct from pair.atc and prescribed.code = pair.prescription_code
    where dispensed.stg is distinct from prescribed.stg
)

select
    line.dispensing_id,
    line.prescription_code || ' ' || line.dispensing_code as value,
from finding_line as line
inner join disagreeing
    on disagreeing.atc is not distinct from line.atc
    and disagreeing.dispensing_code = line.dispensing_code
    and disagreeing.prescription_code = line.prescription_code
