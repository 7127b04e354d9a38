-- what: each change of the alternative alone, what is left for their interplay, and calibration; together the whole change
-- title: Endring per tiltak
-- grain: one row per measure, level, unit, sector and change
-- key: maal, nivaa, orgnr, sektor, tiltak_nr
-- source: docs/simulation.md
-- column maal: base or full, as in the other tables
-- column nivaa: land, rhf (region of residence) or hf (treating trust)
-- column orgnr: organisation number of the region or trust; empty for the country and for what has no trust
-- column navn: its name
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column tiltak_nr: 0 what differs between the sets without any change; then the changes in their order; then interplay and calibration
-- column tiltak: id of the change, or ellers, samspill, kalibrering
-- column tittel: its title
-- column poeng_utgangspunkt: points of the unit under the baseline
-- column endring: the change alone, in points: the alternative with this change only, less the alternative without any
-- column endring_prosent: the same in per cent of the baseline
-- column endring_kr: the same in kroner at the baseline's prices, unrounded
with
own as (
    select step_nr from step where kind = 'own'
),

single as (
    select step_nr from step where kind = 'change'
),

-- What each part is made of: points of steps, added and subtracted.
contribution (part_nr, step_nr, factor) as (
    select 0, step_nr, if(kind = 'own', 1, -1) from step where kind in ('own', 'baseline')
    union all
    select single.step_nr, single.step_nr, 1 from single
    union all
    select single.step_nr, own.step_nr, -1 from single cross join own
    union all
    -- Interplay: all together less without any, less every change alone.
    select step.step_nr, step.step_nr, 1 from step where step.kind = 'all'
    union all
    select step.step_nr, own.step_nr, -1 from step cross join own where step.kind = 'all'
    union all
    select step.step_nr, single.step_nr, -1 from step cross join single where step.kind = 'all'
    union all
    select step.step_nr, own.step_nr, 1 from step cross join single cross join own where step.kind = 'all'
),

placed as (
    select 'land' as level, null as orgnr, * from evaluated_points
    union all
    select 'rhf' as level, residence_rhf_orgnr as orgnr, * from evaluated_points
    union all
    select 'hf' as level, hf_orgnr as orgnr, * from evaluated_points
),

-- A step that computes as another has that one's points.
summed as (
    select
        placed.measure,
        placed.level,
        placed.orgnr,
        placed.sector,
        step.step_nr,
        sum(placed.points) as points,
    from step
    inner join placed on placed.step_nr = step.evaluated_nr
    group by all
),

baseline as (
    select summed.* exclude (step_nr)
    from summed
    inner join step on step.step_nr = summed.step_nr and step.kind = 'baseline'
),

unit as (
    select distinct measure, level, orgnr, sector from summed
),

computed as (
    select
        summed.measure,
        summed.level,
        summed.orgnr,
        summed.sector,
        contribution.part_nr,
        cast(sum(summed.points * contribution.factor) as decimal(20, 9)) as change,
    from summed
    inner join contribution on contribution.step_nr = summed.step_nr
    group by all
),

calibrated as (
    select 'land' as level, null as orgnr, measure, sector, calibration from effect
    union all
    select 'rhf' as level, residence_rhf_orgnr as orgnr, measure, sector, calibration from effect
    union all
    select 'hf' as level, hf_orgnr as orgnr, measure, sector, calibration from effect
),

part as (
    select
        step_nr as part_nr,
        case kind when 'change' then change when 'all' then 'samspill' else 'ellers' end as change_id,
        case kind
            when 'change' then title
            when 'all' then 'Samspill mellom tiltakene'
            else 'Det som ellers skiller regelsettene'
        end as title,
    from step
    where kind <> 'baseline'
    union all
    select max(step_nr) + 1 as part_nr, 'kalibrering' as change_id, 'Kalibrering' as title from step
),

told as (
    select measure, level, orgnr, sector, part_nr, change from computed
    union all
    select
        measure,
        level,
        orgnr,
        sector,
        (select max(part_nr) from part) as part_nr,
        cast(sum(calibration) as decimal(20, 9)) as change,
    from calibrated
    group by measure, level, orgnr, sector
)

select
    unit.measure as maal,
    unit.level as nivaa,
    unit.orgnr,
    case
        when unit.level = 'land' then 'landet'
        when unit.orgnr is null then 'uten HF'
        else coalesce(provider.hf_name, unit.orgnr)
    end as navn,
    unit.sector as sektor,
    cast(part.part_nr as integer) as tiltak_nr,
    part.change_id as tiltak,
    part.title as tittel,
    cast(coalesce(baseline.points, 0) as decimal(20, 9)) as poeng_utgangspunkt,
    cast(coalesce(told.change, 0) as decimal(20, 9)) as endring,
    cast(100 * coalesce(told.change, 0) / nullif(baseline.points, 0) as decimal(18, 6)) as endring_prosent,
    cast(coalesce(told.change, 0) * price.nok_per_point as decimal(32, 15)) as endring_kr,
from unit
cross join part
inner join price on price.sector = unit.sector
left join baseline
    on baseline.measure = unit.measure
    and baseline.level = unit.level
    and baseline.orgnr is not distinct from unit.orgnr
    and baseline.sector = unit.sector
left join told
    on told.measure = unit.measure
    and told.level = unit.level
    and told.orgnr is not distinct from unit.orgnr
    and told.sector = unit.sector
    and told.part_nr = part.part_nr
left join provider on provider.hf_orgnr = unit.orgnr
