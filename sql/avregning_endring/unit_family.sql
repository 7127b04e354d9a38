-- what: counted units and their points per region and group, last year (as it was, and under this year's rules) and this year
-- grain: one row per state, region, sector, family and group; states last_year, last_year_again, this_year
-- key: state, rhf_orgnr, sector, family, group_code
-- source: regulation §3.3, §3.10.1: what supports the decision on the price
with
entry as (
    select 'last_year' as state, unit_type, unit_id, residence_rhf_orgnr, sector, group_code, points from last_year.ledger
    union all
    select 'last_year_again' as state, unit_type, unit_id, residence_rhf_orgnr, sector, group_code, points from again.ledger
    union all
    select 'this_year' as state, unit_type, unit_id, residence_rhf_orgnr, sector, group_code, points from this_year.ledger
),

unit as (
    select
        state,
        unit_type,
        unit_id,
        any_value(residence_rhf_orgnr) as rhf_orgnr,
        any_value(sector) as sector,
        any_value(group_code) as group_code,
        sum(points) as points,
    from entry
    group by state, unit_type, unit_id
)

select
    unit.state,
    unit.rhf_orgnr,
    unit.sector,
    unit.unit_type || ' ' || coalesce(family.family, unit.group_code) as family,
    unit.group_code,
    count(*) as units,
    cast(sum(unit.points) as decimal(18, 3)) as points,
from unit
-- Both years by this year's names.
left join drg_family as family
    on family.state = 'this_year'
    and unit.unit_type = 'stay'
    and family.sector = unit.sector
    and family.drg = unit.group_code
group by unit.state, unit.rhf_orgnr, unit.sector, unit.unit_type || ' ' || coalesce(family.family, unit.group_code), unit.group_code
