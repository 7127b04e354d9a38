-- what: episodes with an asterisk code (kodeNr 2) without a dagger code (kodeNr 1) on the same line
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §4.16
with
asterisk as (
    select
        episode_nr,
        tilstNr,
        kode,
    from landing.tilstand
    where kodeNr = 2
),

failing as (
    select
        asterisk.episode_nr,
        string_agg(distinct asterisk.kode, ' ' order by asterisk.kode) as value,
    from asterisk
    left join landing.tilstand as dagger
        on dagger.episode_nr = asterisk.episode_nr and dagger.tilstNr = asterisk.tilstNr and dagger.kodeNr = 1
    where dagger.episode_nr is null
    group by asterisk.episode_nr
)

select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    failing.value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from failing
inner join finding_episode as episode on episode.episode_nr = failing.episode_nr
