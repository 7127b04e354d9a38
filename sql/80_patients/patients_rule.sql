-- what: patients behind each row of `poeng_per_regel`; the regional deduction has none
-- grain: one row per rule and sector
-- key: regel, sektor
-- source: docs/published-tables.md (numbers below 5 patients)
with
-- More units than this of less than five patients do not fit into a year; whose they are need not be looked up.
small_rule as (
    select
        regel,
        sektor,
    from poeng_per_regel
    where antall_enheter < 10000 and enhet_type <> 'region'
),

unit_patient as (
    select 'stay' as unit_type, stay_id as unit_id, patient_id from stay
    union all
    select 'service' as unit_type, service_id as unit_id, patient_id from service
    union all
    select 'pathway' as unit_type, pathway_id as unit_id, patient_id from pathway
),

counted as (
    select
        ledger.rule,
        ledger.sector,
        count(distinct unit_patient.patient_id) as patients,
    from ledger
    inner join small_rule on small_rule.regel = ledger.rule and small_rule.sektor = ledger.sector
    inner join unit_patient
        on unit_patient.unit_type = ledger.unit_type and unit_patient.unit_id = ledger.unit_id
    group by ledger.rule, ledger.sector
)

select
    listed.regel,
    listed.sektor,
    listed.enhet_type,
    coalesce(counted.patients, listed.antall_enheter) as patients,
from poeng_per_regel as listed
left join counted on counted.rule = listed.regel and counted.sector = listed.sektor
where listed.enhet_type <> 'region'
