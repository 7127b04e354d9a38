-- what: episodes whose discharge-ready date is before their start or after their end
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.7, §7.1
select
    episode.episode_nr,
    cast(reported.utskrKlarDato as varchar) as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.utskrKlarDato < cast(reported.innDatoTid as date)
    or reported.utskrKlarDato > cast(reported.utDatoTid as date)
