-- what: episodes without a time of day in a DRG whose points depend on the hours
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §7.19
select
    episode.episode_nr,
    reported.drg as value,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where (
        not reported.innTidKjent
        or not reported.utTidKjent
        -- The same time twice tells no duration either.
        or reported.innDatoTid = reported.utDatoTid
    )
    and reported.utDatoTid is not null
    and reported.sektor = 'SOM'
    and reported.drg in (from ref.codes('7.19', 'drg'))
