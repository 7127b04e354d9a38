-- what: episodes with several codes reported as main condition
-- grain: one row per failing row
-- key: row_key
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
