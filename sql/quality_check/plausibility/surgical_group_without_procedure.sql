-- what: episodes in a surgical group without any code for surgery
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.2.1 d, §4.17
select
    episode.episode_nr,
    episode.drg as value,
from episode
inner join ref.drg as drg on drg.sector = episode.sector and drg.drg = episode.drg
where drg.drg_type in (
        select value from check_parameter
        where check_id = 'surgical_group_without_procedure' and parameter = 'drg_type'
    )
    and episode.reason = 'included'
    and episode.episode_nr not in (select episode_nr from landing.prosedyre where kodeverk = 'K')
