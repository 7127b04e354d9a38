-- what: episodes whose main diagnostic category is not that of their group
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.19, §7.18
select
    episode.episode_nr,
    cast(reported.hdg as varchar) as value,
    cast(drg.hdg as varchar) as proposed,
from landing.episode as reported
inner join episode on episode.episode_nr = reported.episode_nr
inner join ref.drg as drg on drg.sector = episode.sector and drg.drg = reported.drg
where reported.hdg <> drg.hdg
