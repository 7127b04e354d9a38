-- what: what hinders a crosswalk: an episode that is given twice, an empty field, a DRG that no rule set knows in the sector
-- grain: one row per kind of fault and value
-- key: fault, value
-- source: docs/simulation.md
with
placed as (
    select
        line.episode_id,
        line.drg,
        if(episode.sektor = 'SOM', 'SOM', 'PHVTSB') as sector,
        episode.episode_nr is not null as is_accepted,
    from crosswalk_line as line
    left join landing.episode as episode on episode.episodeID = line.episode_id
)

select
    'twice' as fault,
    episode_id as value,
    null as sector,
    count(*) as lines,
from crosswalk_line
where episode_id <> ''
group by episode_id
having count(*) > 1
union all
select
    'empty' as fault,
    null as value,
    null as sector,
    count(*) as lines,
from crosswalk_line
where episode_id = '' or drg = '' or episode_id is null or drg is null
having count(*) > 0
union all
select
    'unknown' as fault,
    placed.drg as value,
    placed.sector,
    count(*) as lines,
from placed
where placed.is_accepted
    and placed.drg <> ''
    and (placed.sector, placed.drg) not in (select (sector, drg) from known_drg)
group by placed.drg, placed.sector
