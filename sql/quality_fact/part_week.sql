-- what: how many rows of each file each institution reports per month and week
-- grain: one row per file, sector, trust, institution, month and week
-- key: file, sector, hf_orgnr, institution_id, month, week
-- source: regulation §3.5, §3.8
-- column patients: about how many patients the institution has in the month, of all weeks: a patient’s rows come together
with
condition as (
    select episode_nr, count(*) as rows_counted
    from landing.tilstand
    group by episode_nr
),

procedure as (
    select episode_nr, count(*) as rows_counted
    from landing.prosedyre
    group by episode_nr
),

personnel as (
    select episode_nr, count(*) as rows_counted
    from landing.helseperson
    group by episode_nr
),

-- All files at once, so that the episodes are grouped once; a file without a row there has none to count.
counted as (
    select
        episode.sector,
        coalesce(episode.hf_orgnr, '') as hf_orgnr,
        episode.institution_id,
        date_trunc('month', episode.end_date) as month,
        date_trunc('week', episode.end_date) as week,
        count(*) as episode,
        sum(condition.rows_counted) as tilstand,
        sum(procedure.rows_counted) as prosedyre,
        sum(personnel.rows_counted) as helseperson,
    from episode
    left join condition on condition.episode_nr = episode.episode_nr
    left join procedure on procedure.episode_nr = episode.episode_nr
    left join personnel on personnel.episode_nr = episode.episode_nr
    where episode.reason <> 'not_finished_in_period'
    group by all
),

person as (
    select
        sector,
        coalesce(hf_orgnr, '') as hf_orgnr,
        institution_id,
        date_trunc('month', end_date) as month,
        approx_count_distinct(patient_id) as patients,
    from episode
    where reason <> 'not_finished_in_period'
    group by all
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
)

select
    file,
    counted.sector,
    counted.hf_orgnr,
    counted.institution_id,
    strftime(counted.month, '%Y-%m') as month,
    cast(counted.week as date) as week,
    cast(rows_counted as bigint) as rows_counted,
    person.patients,
from (
    unpivot counted
    on episode, tilstand, prosedyre, helseperson
    into name file value rows_counted
) as counted
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
