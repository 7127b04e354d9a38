-- what: H-resept lines with the reason why they are, or are not, in the basis, and their STG
-- grain: one row per accepted H-resept line
-- key: dispensing_id
-- source: rulebook section 4 (b); regulation §3.2.1 m, §7.7
-- requires: 7.7
with
-- A syntactically valid ICD-10: letter, two digits, up to two more letters or digits.
line as (
    select
        utleveringID as dispensing_id,
        pasientID as patient_id,
        utleveringsdato as dispensing_date,
        atc,
        hf as hf_orgnr,
        komNrHjem as municipality_number,
        -- §7.7: the indication of the dispensing goes before that of the prescription.
        case
            when regexp_full_match(refusjonsKodeUtlevering, '[A-Z][0-9]{2}[A-Z0-9]{0,2}') then refusjonsKodeUtlevering
            when regexp_full_match(refusjonsKodeResept, '[A-Z][0-9]{2}[A-Z0-9]{0,2}') then refusjonsKodeResept
        end as indication,
    from landing.hresept
),

-- The table is matched on the distinct pairs, far fewer than the lines.
pair as (
    select distinct
        atc,
        indication,
    from line
    where indication is not null
),

matched as (
    select
        pair.atc,
        pair.indication,
        arg_min(medicine.stg, medicine.priority) as stg,
    from pair
    inner join ref.stg_medicine as medicine
        on (medicine.atc_prefix = '*' or starts_with(pair.atc, medicine.atc_prefix))
        and (medicine.icd10_prefix = '*' or starts_with(pair.indication, medicine.icd10_prefix))
    group by pair.atc, pair.indication
)

select
    line.dispensing_id,
    line.patient_id,
    line.dispensing_date,
    line.atc,
    line.indication,
    line.hf_orgnr,
    line.municipality_number,
    municipality.rhf_orgnr as residence_rhf_orgnr,
    case
        when line.dispensing_date not between delivery.period_from and delivery.period_to then 'not_finished_in_period'
        when line.municipality_number in (from ref.numbers('4.2', 'not_resident_municipality')) then 'not_resident'
        when line.municipality_number in (from ref.numbers('4.2', 'unknown_municipality')) then 'unknown_municipality'
        when municipality.municipality_number is null then 'unknown_municipality'
        when line.indication is null then 'missing_indication'
        when matched.stg is null then 'no_service'
        else 'included'
    end as reason,
    if(
        line.indication is null,
        ref.single_code('7.7', 'missing_indication_stg'),
        matched.stg
    ) as stg,
from line
left join matched on matched.atc is not distinct from line.atc and matched.indication = line.indication
left join ref.municipality as municipality on municipality.municipality_number = line.municipality_number
cross join landing.delivery as delivery
