-- what: where the units of each group go: those that stay, and those that move, with shares and points
-- title: Enheter per gruppe før og etter
-- grain: one row per sector, kind of unit, trust, group before and group after
-- key: sektor, enhet_type, hf_orgnr, gruppe_for, gruppe_etter
-- source: docs/simulation.md
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column enhet_type: opphold, sertjeneste or forlop
-- column hf_orgnr: organisation number of the trust of the unit under the baseline, else under the alternative
-- column hf: its name
-- column gruppe_for: DRG, STG or TFG under the baseline; empty: not a unit of its own there
-- column gruppe_etter: the same under the alternative; empty: not a unit of its own there
-- column flytter: whether the two groups differ
-- column antall: units
-- column andel_av_for: these units in per cent of the trust's units in the group before
-- column andel_av_etter: the same in per cent of the trust's units in the group after
-- column poeng_for: base points of the units under the baseline
-- column poeng_etter: base points of the units under the alternative, before calibration
-- column poeng_flyttet: poeng_etter minus poeng_for
with
-- A stay is followed by its first episode: the stay that holds it in the other set is what became of it.
stay_after as (
    select
        stay_episode.episode_nr,
        stay.sector,
        stay.hf_orgnr,
        stay.drg,
        stay_episode.episode_nr = stay.stay_nr as is_first,
    from alternative_stay_episode as stay_episode
    inner join alternative_stay as stay on stay.stay_nr = stay_episode.stay_nr
    where not stay.is_phv_inpatient
),

followed as (
    select
        coalesce(before.sector, after.sector) as sector,
        'stay' as unit_type,
        coalesce(before.hf_orgnr, after.hf_orgnr) as hf_orgnr,
        before.drg as group_before,
        if(before.stay_nr is null or after.is_first, after.drg, null) as group_after,
    from (select * from baseline_stay where not is_phv_inpatient) as before
    full outer join stay_after as after on after.episode_nr = before.stay_nr
    where before.stay_nr is not null or after.is_first
    union all
    select
        coalesce(before.sector, after.sector) as sector,
        'service' as unit_type,
        coalesce(before.hf_orgnr, after.hf_orgnr) as hf_orgnr,
        before.stg as group_before,
        after.stg as group_after,
    from (select * from baseline_service where status = 'counted') as before
    full outer join (select * from alternative_service where status = 'counted') as after
        on after.service_id = before.service_id
    union all
    select
        coalesce(before.sector, after.sector) as sector,
        'pathway' as unit_type,
        coalesce(before.hf_orgnr, after.hf_orgnr) as hf_orgnr,
        before.tfg as group_before,
        after.tfg as group_after,
    from baseline_pathway as before
    full outer join alternative_pathway as after on after.pathway_id = before.pathway_id
),

moved as (
    select
        sector,
        unit_type,
        hf_orgnr,
        group_before,
        group_after,
        count(*) as units,
    from followed
    where group_before is distinct from group_after
    group by all
),

counted as (
    select
        sector,
        unit_type,
        hf_orgnr,
        group_code as group_before,
        sum(units) as units,
    from baseline_cell
    where kind = 'base'
    group by all
),

-- Who did not move stayed; nobody outside those who are followed can have moved.
stayed as (
    select
        counted.sector,
        counted.unit_type,
        counted.hf_orgnr,
        counted.group_before,
        counted.group_before as group_after,
        counted.units - coalesce(sum(moved.units), 0) as units,
    from counted
    left join moved
        on moved.sector = counted.sector
        and moved.unit_type = counted.unit_type
        and moved.hf_orgnr is not distinct from counted.hf_orgnr
        and moved.group_before = counted.group_before
    group by counted.sector, counted.unit_type, counted.hf_orgnr, counted.group_before, counted.units
),

unit as (
    select * from moved
    union all
    select * from stayed where units > 0
),

weighed as (
    select
        unit.*,
        sum(units) over (partition by unit.sector, unit.unit_type, unit.hf_orgnr, unit.group_before) as units_of_before,
        sum(units) over (partition by unit.sector, unit.unit_type, unit.hf_orgnr, unit.group_after) as units_of_after,
        cast(unit.units * coalesce(old.base_points, 0) as decimal(18, 3)) as points_before,
        cast(unit.units * coalesce(new.base_points, 0) as decimal(18, 3)) as points_after,
    from unit
    left join baseline_group as old
        on old.sector = unit.sector and old.unit_type = unit.unit_type and old.group_code = unit.group_before
    left join alternative_group as new
        on new.sector = unit.sector and new.unit_type = unit.unit_type and new.group_code = unit.group_after
)

select
    weighed.sector as sektor,
    case weighed.unit_type when 'stay' then 'opphold' when 'service' then 'sertjeneste' else 'forlop' end as enhet_type,
    weighed.hf_orgnr,
    if(weighed.hf_orgnr is null, 'uten HF', provider.hf_name) as hf,
    weighed.group_before as gruppe_for,
    weighed.group_after as gruppe_etter,
    weighed.group_before is distinct from weighed.group_after as flytter,
    cast(weighed.units as bigint) as antall,
    if(weighed.group_before is null, null, cast(100 * weighed.units / weighed.units_of_before as decimal(9, 4)))
        as andel_av_for,
    if(weighed.group_after is null, null, cast(100 * weighed.units / weighed.units_of_after as decimal(9, 4)))
        as andel_av_etter,
    weighed.points_before as poeng_for,
    weighed.points_after as poeng_etter,
    cast(weighed.points_after - weighed.points_before as decimal(18, 3)) as poeng_flyttet,
from weighed
left join provider on provider.hf_orgnr is not distinct from weighed.hf_orgnr
