-- what: episodes with a condition code that has not the form of an ICD-10 code
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.14, NPR message tilstand
with
-- The few distinct codes are judged, not the many rows.
wrong_code as (
    select code
    from (select distinct kode as code from landing.tilstand)
    where not regexp_full_match(code, '[A-Z][0-9]{2}[A-Z0-9]{0,2}')
),

failing as (
    select
        episode_nr,
        string_agg(distinct kode, ' ' order by kode) as value,
    from landing.tilstand
    where kode in (select code from wrong_code)
    group by episode_nr
)

select
    episode.episode_nr,
    failing.value,
from failing
inner join finding_episode as episode on episode.episode_nr = failing.episode_nr
