-- what: a birth year: the one that the patient's other episodes most often have, else from an old to a young one of the unit's
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: birth_year
-- source: regulation §4.20, §8.6
with
asked as (
    select
        finding.finding_nr,
        finding.episode_nr,
        episode.patient_id,
        episode.unit_id,
        episode.birth_year as reported_year,
    from finding
    inner join episode on episode.episode_nr = finding.episode_nr
    where finding.repair = 'birth_year'
),

own as (
    select
        asked.finding_nr,
        other.birth_year,
        count(*) as episodes,
    from asked
    inner join episode as other on other.patient_id = asked.patient_id and other.episode_nr <> asked.episode_nr
    where other.birth_year is not null
    group by asked.finding_nr, other.birth_year
    qualify row_number() over (partition by asked.finding_nr order by count(*) desc, other.birth_year) = 1
),

-- Reported as often as the other: it may as well be right as it is.
as_often as (
    select
        asked.finding_nr,
        asked.episode_nr,
    from asked
    inner join episode as same on same.patient_id = asked.patient_id and same.birth_year = asked.reported_year
    inner join own on own.finding_nr = asked.finding_nr
    group by asked.finding_nr, asked.episode_nr, own.episodes
    having count(*) >= own.episodes
),

at_unit as (
    select
        unit_id,
        quantile_disc(birth_year, [0.1, 0.3, 0.5, 0.7, 0.9]) as birth_years,
    from episode
    where birth_year is not null and unit_id in (select unit_id from asked)
    group by unit_id
),

candidate as (
    select
        asked.finding_nr,
        asked.episode_nr,
        unnest(if(own.birth_year is not null, [own.birth_year], at_unit.birth_years)) as birth_year,
    from asked
    left join own on own.finding_nr = asked.finding_nr
    left join at_unit on at_unit.unit_id = asked.unit_id
)

select
    finding_nr,
    row_number() over (partition by finding_nr order by birth_year) as variant,
    count(*) as weight,
    'episode' as file,
    cast(episode_nr as varchar) as row_key,
    'fodselsar' as column_name,
    cast(birth_year as varchar) as value,
from candidate
where birth_year is not null
group by finding_nr, episode_nr, birth_year
union all
select
    finding_nr,
    0 as variant,
    1 as weight,
    'none' as file,
    cast(episode_nr as varchar) as row_key,
    cast(null as varchar) as column_name,
    cast(null as varchar) as value,
from as_often
