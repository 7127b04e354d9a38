-- what: main conditions that are reported as secondary condition too
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.14, §4.15
select distinct
    episode.episode_nr,
    episode.main_condition as value,
from landing.tilstand as condition
inner join episode on episode.episode_nr = condition.episode_nr
where condition.tilstNr > 1 and condition.kode = episode.main_condition
