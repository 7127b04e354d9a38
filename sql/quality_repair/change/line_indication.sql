-- what: the indication of an H-resept line: the patient's own with the same medicine, else one for each service that lines of the medicine give, as often as they do
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: line_indication
-- source: regulation §7.7
with
asked as (
    select
        finding.finding_nr,
        finding.row_key,
        finding.patient_id,
        prescription.atc,
        prescription.dispensing_date,
    from finding
    inner join prescription on prescription.dispensing_id = finding.row_key
    where finding.repair = 'line_indication'
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
    where reason = 'included' and indication is not null and dispensing_id not in (select row_key from asked)
),

own as (
    select
        asked.finding_nr,
        example.indication,
    from asked
    inner join example on example.patient_id = asked.patient_id and example.atc is not distinct from asked.atc
    qualify row_number() over (
        partition by asked.finding_nr
        order by abs(date_diff('day', example.dispensing_date, asked.dispensing_date)), example.dispensing_id
    ) = 1
),

-- The medicine, else its therapeutic group.
by_medicine as (
    select
        likeness,
        stg,
        arg_max(indication, (lines, indication)) as indication,
        sum(lines) as lines,
        row_number() over (partition by likeness order by sum(lines) desc, stg) as place,
    from (
        select atc as likeness, stg, indication, count(*) as lines from example group by atc, stg, indication
        union all
        select atc[:4] as likeness, stg, indication, count(*) as lines from example group by atc[:4], stg, indication
    )
    where likeness is not null
    group by likeness, stg
    qualify place <= 5
),

-- Of the patient's own services another medicine's says much: a patient has mostly one of them.
candidate as (
    select
        asked.finding_nr,
        asked.row_key,
        1 as variant,
        1 as weight,
        own.indication,
    from asked
    inner join own on own.finding_nr = asked.finding_nr
    union all
    select
        asked.finding_nr,
        asked.row_key,
        by_medicine.place as variant,
        by_medicine.lines as weight,
        by_medicine.indication,
    from asked
    inner join by_medicine
        on by_medicine.likeness = if(
            asked.atc in (select likeness from by_medicine), asked.atc, asked.atc[:4]
        )
    where asked.finding_nr not in (select finding_nr from own)
)

select
    finding_nr,
    variant,
    weight,
    'hresept' as file,
    row_key,
    'refusjonsKodeUtlevering' as column_name,
    indication as value,
from candidate
