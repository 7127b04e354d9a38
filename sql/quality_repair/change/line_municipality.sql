-- what: the municipality of an H-resept line: the patient's own from another row, else the prescribing trust's most used
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: line_municipality
-- source: regulation §4.2, §7.7
with
asked as (
    select
        finding.finding_nr,
        finding.row_key,
        finding.patient_id,
        finding.hf_orgnr,
    from finding
    where finding.repair = 'line_municipality' and finding.row_type = 'hresept'
),

own as (
    select
        patient_id,
        mode(municipality_number order by municipality_number) as municipality_number,
    from (
        select patient_id, municipality_number from episode
        union all
        select patient_id, municipality_number from prescription
    )
    where municipality_number in (select municipality_number from ref.municipality)
        and patient_id in (select patient_id from asked)
    group by patient_id
),

of_trust as (
    select
        hf_orgnr,
        mode(municipality_number order by municipality_number) as municipality_number,
    from prescription
    where municipality_number in (select municipality_number from ref.municipality)
    group by hf_orgnr
),

of_all as (
    select mode(municipality_number order by municipality_number) as municipality_number
    from prescription
    where municipality_number in (select municipality_number from ref.municipality)
)

select
    asked.finding_nr,
    1 as variant,
    1 as weight,
    'hresept' as file,
    asked.row_key,
    'komNrHjem' as column_name,
    cast(coalesce(own.municipality_number, of_trust.municipality_number, of_all.municipality_number) as varchar)
        as value,
from asked
left join own on own.patient_id = asked.patient_id
left join of_trust on of_trust.hf_orgnr = asked.hf_orgnr
cross join of_all
where coalesce(own.municipality_number, of_trust.municipality_number, of_all.municipality_number) is not null
