-- what: episodes of one trust at a unit of another
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.4, §3.11
select
    episode.episode_nr,
    episode.hf_orgnr as value,
    unit.hf as proposed,
from finding_episode as episode
inner join landing.enhet as unit on unit."enhetID" = episode.unit_id
where unit.hf <> episode.hf_orgnr
