-- what: where the lines of the file and the units went: used, or set aside with the reason
-- title: Regnskap over linjer og enheter
-- grain: one row per kind of row and outcome
-- key: slag, utfall
-- source: docs/costs.md
-- column slag: linje (of the file) or enhet (counted stays, services and pathways)
-- column utfall: brukt, or why not
-- column antall: how many
select
    'linje' as slag,
    case
        when cost.episode_nr is null then 'ingen godtatt episode'
        when unit.episode_nr is null then 'episoden er ikke i en enhet som teller'
        when weighed.unit_id is null then 'enheten mangler kostnad for en episode'
        else 'brukt'
    end as utfall,
    count(*) as antall,
from cost_line as line
left join landing.episode as episode on episode.episodeID = line.episode_id
left join cost_episode as cost on cost.episode_nr = episode.episode_nr
left join unit_episode as unit on unit.episode_nr = cost.episode_nr
left join weighed_unit as weighed on weighed.unit_type = unit.unit_type and weighed.unit_id = unit.unit_id
group by all
union all
select
    'enhet' as slag,
    if(weighed.unit_id is null, 'mangler kostnad for en episode', 'brukt') as utfall,
    count(*) as antall,
from cost_unit as unit
left join weighed_unit as weighed on weighed.unit_type = unit.unit_type and weighed.unit_id = unit.unit_id
group by all
