-- what: episodes with an asterisk code (kodeNr 2) without a dagger code (kodeNr 1) on the same line
-- grain: one row per failing row
-- key: episode_nr
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
    episode.episode_nr,
    failing.value,
from failing
inner join finding_episode as episode on episode.episode_nr = failing.episode_nr
