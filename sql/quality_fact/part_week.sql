-- what: how many rows of each file each institution reports per month and week
-- grain: one row per file, sector, trust, institution, month and week
-- key: file, sector, hf_orgnr, institution_id, month, week
-- source: regulation §3.5, §3.8
-- column patients: about how many patients the institution has in the month, of all weeks: a patient’s rows come together
with
finished as (
    select
        episode.episode_nr,
        episode.sector,
        coalesce(episode.hf_orgnr, '') as hf_orgnr,
        episode.institution_id,
        episode.patient_id,
        strftime(episode.end_date, '%Y-%m') as month,
        cast(date_trunc('week', episode.end_date) as date) as week,
    from episode
    where episode.reason <> 'not_finished_in_period'
),

code_row as (
    select 'tilstand' as file, episode_nr, count(*) as rows_counted from landing.tilstand group by episode_nr
    union all
    select 'prosedyre' as file, episode_nr, count(*) as rows_counted from landing.prosedyre group by episode_nr
    union all
    select 'helseperson' as file, episode_nr, count(*) as rows_counted from landing.helseperson group by episode_nr
    union all
    select 'episode' as file, episode_nr, 1 as rows_counted from finished
),

person as (
    select
        sector,
        hf_orgnr,
        institution_id,
        month,
        approx_count_distinct(patient_id) as patients,
    from finished
    group by sector, hf_orgnr, institution_id, month
),

line_person as (
    select
        coalesce(hf, '') as hf_orgnr,
        strftime(utleveringsdato, '%Y-%m') as month,
        approx_count_distinct(pasientID) as patients,
    from landing.hresept
    group by all
),

line as (
    select
        'hresept' as file,
        'SOM' as sector,
        coalesce(line.hf, '') as hf_orgnr,
        '' as institution_id,
        strftime(line.utleveringsdato, '%Y-%m') as month,
        cast(date_trunc('week', line.utleveringsdato) as date) as week,
        count(*) as rows_counted,
    from landing.hresept as line
    cross join landing.delivery as delivery
    where line.utleveringsdato between delivery.period_from and delivery.period_to
    group by all
),

counted as (
    select
        code_row.file,
        finished.sector,
        finished.hf_orgnr,
        finished.institution_id,
        finished.month,
        finished.week,
        cast(sum(code_row.rows_counted) as bigint) as rows_counted,
    from code_row
    inner join finished on finished.episode_nr = code_row.episode_nr
    group by code_row.file, finished.sector, finished.hf_orgnr, finished.institution_id, finished.month, finished.week
)

select
    counted.file,
    counted.sector,
    counted.hf_orgnr,
    counted.institution_id,
    counted.month,
    counted.week,
    counted.rows_counted,
    person.patients,
from counted
inner join person
    on person.sector = counted.sector
    and person.hf_orgnr = counted.hf_orgnr
    and person.institution_id is not distinct from counted.institution_id
    and person.month = counted.month
union all
select
    line.file,
    line.sector,
    line.hf_orgnr,
    line.institution_id,
    line.month,
    line.week,
    cast(line.rows_counted as bigint) as rows_counted,
    line_person.patients,
from line
inner join line_person on line_person.hf_orgnr = line.hf_orgnr and line_person.month = line.month
