-- what: the ledger as the lists of `isf serve` read it: with the number of its unit, kroner and municipality, the largest units first
-- grain: one row per unit and rule
-- key: unit_nr, rule
-- source: docs/serve.md; docs/regelverk.md 0; regulation §3.10, §3.11
-- column unit_nr: number of the unit's first row in the ledger
-- column is_first: one row of each unit, by which units are counted
-- column unit_rules: the rules of all rows of the unit
-- column unit_points: points of all rows of the unit
-- column owner: hash of the patient's id
with
listed as (
    select
        coalesce(together.unit_nr, ledger.place) as unit_nr,
        ledger.unit_type,
        ledger.unit_id,
        ledger.sector,
        coalesce(ledger.hf_orgnr, '') as hf_orgnr,
        ledger.residence_rhf_orgnr,
        coalesce(unit_owner.municipality_number, 0) as municipality_number,
        unit_owner.owner,
        ledger.group_code,
        coalesce(ledger.month, 0) as month,
        ledger.rule,
        ledger.points,
        coalesce(together.unit_rules, ledger.rule) as unit_rules,
        coalesce(together.unit_points, ledger.points) as unit_points,
        ledger.place as ledger_place,
    from ledger
    left join unit_together as together
        on together.unit_type = ledger.unit_type and together.unit_id = ledger.unit_id
    left join unit_owner on unit_owner.unit_type = ledger.unit_type and unit_owner.unit_id = ledger.unit_id
)

select
    cast(listed.unit_nr as integer) as unit_nr,
    listed.unit_type,
    listed.unit_id,
    listed.sector,
    listed.hf_orgnr,
    listed.residence_rhf_orgnr,
    listed.municipality_number,
    listed.owner,
    listed.group_code,
    listed.month,
    listed.rule,
    listed.points,
    cast(round(listed.points * point_price.nok_per_point, 2) as decimal(18, 2)) as refund_nok,
    listed.unit_nr = listed.ledger_place as is_first,
    listed.unit_rules,
    listed.unit_points,
    cast(round(listed.unit_points * point_price.nok_per_point, 2) as decimal(18, 2)) as unit_refund_nok,
from listed
inner join point_price on point_price.sector = listed.sector
order by unit_refund_nok desc, unit_nr, listed.rule
