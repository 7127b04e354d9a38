-- what: what one unit is worth in kroner, who is paid for it and who has treated
-- grain: one row, of the unit in the variables unit_type and unit_id of the connection
-- key: unit_type, unit_id
-- source: docs/regelverk.md 0; regulation §3.9, §3.10, §3.11
with
unit as (
    select
        unit_type,
        unit_id,
        sector,
        hf_orgnr,
        residence_rhf_orgnr,
        sum(points) as points,
    from ledger
    where unit_type = getvariable('unit_type') and unit_id = getvariable('unit_id')
    group by unit_type, unit_id, sector, hf_orgnr, residence_rhf_orgnr
)

select
    unit.unit_type,
    unit.unit_id,
    unit.points,
    point_price.unit_price_nok,
    point_price.isf_share,
    cast(round(unit.points * point_price.nok_per_point, 2) as decimal(18, 2)) as refund_nok,
    unit.residence_rhf_orgnr,
    paid.hf_name as residence_rhf_name,
    unit.hf_orgnr,
    treating.hf_name,
    treating.rhf_name as owner_name,
from unit
inner join point_price on point_price.sector = unit.sector
inner join provider as paid on paid.hf_orgnr is not distinct from unit.residence_rhf_orgnr
inner join provider as treating on treating.hf_orgnr is not distinct from unit.hf_orgnr
