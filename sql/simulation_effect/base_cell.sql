-- what: the settled units under the weights of both sets: the same activity in the same groups, as in the directorate's tables
-- grain: one row per trust, region of residence and group
-- key: sector, unit_type, hf_orgnr, residence_rhf_orgnr, residence_county, group_code
-- source: docs/simulation.md
with
unit as (
    select
        sector,
        unit_type,
        hf_orgnr,
        residence_rhf_orgnr,
        residence_county,
        group_code,
        cast(sum(units) as bigint) as units,
    from settled_unit_cell
    where kind = 'base' and unit_type in ('stay', 'service')
    group by all
),

weighted as (
    select
        unit.*,
        coalesce(new.hdg, old.hdg, own.hdg) as hdg,
        -- A group that a set lacks keeps the weight with which it was settled.
        coalesce(old.base_points, own.base_points) as weight_before,
        coalesce(new.base_points, own.base_points) as weight_after,
    from unit
    left join settled_group as own
        on own.sector = unit.sector and own.unit_type = unit.unit_type and own.group_code = unit.group_code
    left join baseline_group as old
        on old.sector = unit.sector and old.unit_type = unit.unit_type and old.group_code = unit.group_code
    left join alternative_group as new
        on new.sector = unit.sector and new.unit_type = unit.unit_type and new.group_code = unit.group_code
)

select
    sector,
    unit_type,
    hf_orgnr,
    residence_rhf_orgnr,
    residence_county,
    group_code,
    hdg,
    units,
    cast(units * weight_before as decimal(18, 3)) as points_before,
    cast(units * weight_after as decimal(18, 3)) as points_after,
from weighted
