-- what: units that are in another group, or counted in only one of the sets
-- grain: one row per sector, kind of unit, group before and group after
-- key: sektor, enhet_type, gruppe_for, gruppe_etter
-- source: docs/simulation.md
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column enhet_type: opphold, sertjeneste or forlop
-- column gruppe_for: DRG, STG or TFG under the baseline; empty: not a unit of its own there
-- column gruppe_etter: the same under the alternative; empty: not a unit of its own there
-- column antall: units
with
-- A stay is followed by its first episode: the stay that holds it in the other set is what became of it.
stay_after as (
    select
        stay_episode.episode_nr,
        stay.sector,
        stay.drg,
        stay_episode.episode_nr = stay.stay_nr as is_first,
    from alternative_stay_episode as stay_episode
    inner join alternative_stay as stay on stay.stay_nr = stay_episode.stay_nr
),

moved_stay as (
    select
        coalesce(before.sector, after.sector) as sector,
        'opphold' as unit_type,
        before.drg as group_before,
        if(before.stay_nr is null or after.is_first, after.drg, null) as group_after,
    from baseline_stay as before
    full outer join stay_after as after on after.episode_nr = before.stay_nr
    where before.stay_nr is not null or after.is_first
),

moved_service as (
    select
        coalesce(before.sector, after.sector) as sector,
        'sertjeneste' as unit_type,
        before.stg as group_before,
        after.stg as group_after,
    from (select * from baseline_service where status = 'counted') as before
    full outer join (select * from alternative_service where status = 'counted') as after
        on after.service_id = before.service_id
),

moved_pathway as (
    select
        coalesce(before.sector, after.sector) as sector,
        'forlop' as unit_type,
        before.tfg as group_before,
        after.tfg as group_after,
    from baseline_pathway as before
    full outer join alternative_pathway as after on after.pathway_id = before.pathway_id
)

select
    sector as sektor,
    unit_type as enhet_type,
    group_before as gruppe_for,
    group_after as gruppe_etter,
    count(*) as antall,
from (
    select * from moved_stay
    union all
    select * from moved_service
    union all
    select * from moved_pathway
)
where group_before is distinct from group_after
group by all
