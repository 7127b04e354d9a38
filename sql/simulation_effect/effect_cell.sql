-- what: all that is paid, baseline against alternative, with the causes of the change, before calibration
-- grain: one row per trust, region of residence and group
-- key: sector, unit_type, hf_orgnr, residence_rhf_orgnr, residence_county, group_code
-- source: docs/simulation.md
with
before as (
    select
        sector,
        unit_type,
        hf_orgnr,
        residence_rhf_orgnr,
        residence_county,
        group_code,
        sum(units) filter (where kind = 'base') as units,
        sum(units) filter (where kind = 'base' and state = 'zeroed') as zeroed_units,
        sum(units) filter (where kind = 'base' and state = 'member') as member_units,
        sum(points) filter (where part = 'base') as base_points,
        sum(points) filter (where part = 'supplement') as supplement_points,
        sum(points) filter (where part = 'counting') as counting_points,
    from baseline_cell
    group by all
),

after as (
    select
        sector,
        unit_type,
        hf_orgnr,
        residence_rhf_orgnr,
        residence_county,
        group_code,
        sum(units) filter (where kind = 'base') as units,
        sum(points) filter (where part = 'base') as base_points,
        sum(points) filter (where part = 'supplement') as supplement_points,
        sum(points) filter (where part = 'counting') as counting_points,
    from alternative_cell
    group by all
),

joined as (
    select
        coalesce(before.sector, after.sector) as sector,
        coalesce(before.unit_type, after.unit_type) as unit_type,
        coalesce(before.hf_orgnr, after.hf_orgnr) as hf_orgnr,
        coalesce(before.residence_rhf_orgnr, after.residence_rhf_orgnr) as residence_rhf_orgnr,
        coalesce(before.residence_county, after.residence_county) as residence_county,
        coalesce(before.group_code, after.group_code) as group_code,
        coalesce(before.units, 0) as units_before,
        coalesce(after.units, 0) as units_after,
        coalesce(before.zeroed_units, 0) as zeroed_units,
        coalesce(before.member_units, 0) as member_units,
        coalesce(before.base_points, 0) as base_before,
        coalesce(after.base_points, 0) as base_after,
        coalesce(before.supplement_points, 0) as supplement_before,
        coalesce(after.supplement_points, 0) as supplement_after,
        coalesce(before.counting_points, 0) as counting_before,
        coalesce(after.counting_points, 0) as counting_after,
    from before
    full outer join after
        on after.sector = before.sector
        and after.unit_type = before.unit_type
        and after.hf_orgnr is not distinct from before.hf_orgnr
        and after.residence_rhf_orgnr = before.residence_rhf_orgnr
        and after.residence_county is not distinct from before.residence_county
        and after.group_code = before.group_code
),

weighted as (
    select
        joined.*,
        coalesce(new.hdg, old.hdg) as hdg,
        -- A group that one of the sets lacks has no other weight: its whole change is regrouping.
        coalesce(new.base_points - old.base_points, 0) as weight_change,
    from joined
    left join baseline_group as old
        on old.sector = joined.sector and old.unit_type = joined.unit_type and old.group_code = joined.group_code
    left join alternative_group as new
        on new.sector = joined.sector and new.unit_type = joined.unit_type and new.group_code = joined.group_code
)

select
    sector,
    unit_type,
    hf_orgnr,
    residence_rhf_orgnr,
    residence_county,
    group_code,
    hdg,
    cast(units_before as bigint) as units_before,
    cast(units_after as bigint) as units_after,
    -- What is paid. Zeroed stays and members of pathways are paid 0 under any weight.
    cast(base_before + supplement_before + counting_before as decimal(18, 3)) as points_before,
    cast((units_before - zeroed_units - member_units) * weight_change as decimal(18, 3)) as weights,
    cast(
        base_after - base_before - if(unit_type in ('stay', 'service'), units_before, 0) * weight_change
        as decimal(18, 3)
    ) as regrouping,
    cast(supplement_after - supplement_before + zeroed_units * weight_change as decimal(18, 3)) as supplements,
    cast(
        counting_after - counting_before + member_units * weight_change
        - if(unit_type = 'pathway', units_before, 0) * weight_change
        as decimal(18, 3)
    ) as counting,
    cast(base_after + supplement_after + counting_after as decimal(18, 3)) as points_after,
from weighted
