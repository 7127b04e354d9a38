-- what: episodes with a place of activity outside the code list
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §4.12, §7.17, §8.1
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(reported.stedAktivitet as varchar) as value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where cast(reported.stedAktivitet as varchar) not in (select code from ref.code where field = 'stedAktivitet')
