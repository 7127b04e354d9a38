-- what: episodes with the code for bilateral surgery without any surgery
-- grain: one row per failing row
-- key: row_key
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
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    episode.drg as value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from bilateral
inner join finding_episode as episode on episode.episode_nr = bilateral.episode_nr
where bilateral.episode_nr not in (select episode_nr from surgery)
