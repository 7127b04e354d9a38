-- what: episodes whose discharge-ready date is before their start or after their end
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §4.7, §7.1
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(reported.utskrKlarDato as varchar) as value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.utskrKlarDato < cast(reported.innDatoTid as date)
    or reported.utskrKlarDato > cast(reported.utDatoTid as date)
