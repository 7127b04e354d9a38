-- what: points by rule: the ledger summed for the country, and how many patients are behind it
-- grain: one row per rule and sector, the regional deduction apart
-- key: rule, sector, regional
-- source: rulebook section 0
with
summed as (
    select
        rule,
        sector,
        kind,
        -- Which kind of unit has the rule: stay, service, pathway, region; `several` where more than one has.
        if(count(distinct unit_type) = 1, min(unit_type), 'several') as unit_type,
        unit_type = 'region' as regional,
        count(*) as units,
        sum(points) as points,
    from ledger
    group by rule, kind, sector, regional
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
    inner join summed
        on summed.rule = ledger.rule and summed.sector = ledger.sector and not summed.regional
    inner join unit_patient
        on unit_patient.unit_type = ledger.unit_type and unit_patient.unit_id = ledger.unit_id
    -- More units than this of less than five patients do not fit into a year; whose they are need not be looked up.
    where summed.units < 10000
    group by ledger.rule, ledger.sector
)

select
    summed.rule,
    summed.sector,
    summed.kind,
    summed.unit_type,
    summed.regional,
    summed.units,
    cast(summed.points as decimal(18, 3)) as points,
    -- The deduction is the region's, not a patient's.
    if(summed.regional, null, coalesce(counted.patients, summed.units)) as patients,
from summed
left join counted on counted.rule = summed.rule and counted.sector = summed.sector and not summed.regional
