-- what: patients treated, and those of them with a service that an indicator counts, per region and trust
-- grain: one row per indicator and region (hf_orgnr empty: a patient of two trusts counts once), and per trust
-- key: indicator, rhf_orgnr, hf_orgnr
-- source: assumption: indicator.csv of the year's scheme
with
patient as (
    select distinct
        indicator.indicator,
        treated.rhf_orgnr,
        treated.hf_orgnr,
        treated.patient_id,
    from treated_patient as treated
    inner join rbf.indicator as indicator
        on indicator.counting = 'patients' and indicator.sector in ('*', treated.sector)
),

marked as (
    select
        patient.indicator,
        patient.rhf_orgnr,
        patient.hf_orgnr,
        patient.patient_id,
        followed.patient_id is not null as is_followed,
    from patient
    left join followed_patient as followed
        on followed.indicator = patient.indicator
        and followed.hf_orgnr = patient.hf_orgnr
        and followed.patient_id = patient.patient_id
)

select
    indicator,
    rhf_orgnr,
    hf_orgnr,
    count(distinct patient_id) filter (where is_followed) as numerator,
    count(distinct patient_id) as denominator,
from marked
group by grouping sets ((indicator, rhf_orgnr), (indicator, rhf_orgnr, hf_orgnr))
