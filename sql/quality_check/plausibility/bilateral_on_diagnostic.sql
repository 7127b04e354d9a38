-- what: episodes with the code for bilateral surgery without any surgery
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.17
with
bilateral as (
    select distinct episode_nr
    from landing.prosedyre
    where kode in (
        select value from check_parameter where check_id = 'bilateral_on_diagnostic' and parameter = 'procedure'
    )
),

surgery as (
    select episode_nr
    from landing.prosedyre
    where episode_nr in (select episode_nr from bilateral)
        and kodeverk = 'K'
        and kode[:1] not in (
            select value from check_parameter
            where check_id = 'bilateral_on_diagnostic' and parameter = 'diagnostic_chapter'
        )
)

select
    episode.episode_nr,
    episode.drg as value,
from bilateral
inner join finding_episode as episode on episode.episode_nr = bilateral.episode_nr
where bilateral.episode_nr not in (select episode_nr from surgery)
