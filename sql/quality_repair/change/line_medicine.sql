-- what: the medicine of an H-resept line: the patient's own with the same indication, else one for each service of it, as often as it is
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: line_medicine
-- source: regulation §7.7
with
asked as (
    select
        finding.finding_nr,
        finding.row_key,
        finding.patient_id,
        prescription.indication,
        prescription.dispensing_date,
    from finding
    inner join prescription on prescription.dispensing_id = finding.row_key
    where finding.repair = 'line_medicine'
),

example as (
    select
        dispensing_id,
        patient_id,
        dispensing_date,
        atc,
        indication,
        stg,
    from prescription
    where reason = 'included' and atc is not null and dispensing_id not in (select row_key from asked)
),

own as (
    select
        asked.finding_nr,
        example.atc,
    from asked
    inner join example on example.patient_id = asked.patient_id and example.indication = asked.indication
    qualify row_number() over (
        partition by asked.finding_nr
        order by abs(date_diff('day', example.dispensing_date, asked.dispensing_date)), example.dispensing_id
    ) = 1
),

counted as (
    select
        indication,
        stg,
        atc,
        count(*) as lines,
    from example
    group by indication, stg, atc
),

by_indication as (
    select
        indication,
        stg,
        arg_max(atc, (lines, atc)) as atc,
        sum(lines) as lines,
        row_number() over (partition by indication order by sum(lines) desc, stg) as place,
    from counted
    group by indication, stg
    qualify place <= 5
)

select
    asked.finding_nr,
    if(own.finding_nr is not null, 1, by_indication.place) as variant,
    if(own.finding_nr is not null, 1, by_indication.lines) as weight,
    'hresept' as file,
    asked.row_key,
    'atc' as column_name,
    coalesce(own.atc, by_indication.atc) as value,
from asked
left join own on own.finding_nr = asked.finding_nr
left join by_indication on by_indication.indication = asked.indication and own.finding_nr is null
where coalesce(own.atc, by_indication.atc) is not null
