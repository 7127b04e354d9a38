-- what: episodes with several codes reported as main condition
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.14, §7.18
with
-- Counted by number alone first: only the few with more than one need their codes.
counted as (
    select episode_nr
    from landing.tilstand
    where tilstNr = 1 and kodeNr = 1
    group by episode_nr
    having count(*) > 1
),

failing as (
    select
        episode_nr,
        string_agg(kode, ' ' order by kode) as value,
    from landing.tilstand
    where tilstNr = 1 and kodeNr = 1 and episode_nr in (select episode_nr from counted)
    group by episode_nr
)

select
    episode.episode_nr,
    failing.value,
from failing
inner join finding_episode as episode on episode.episode_nr = failing.episode_nr
