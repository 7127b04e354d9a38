-- what: the units that have ledger rows as asked for, with all that these rows give: the last level of the lists
-- grain: one row per unit
-- key: unit_type, unit_id
-- source: docs/regelverk.md 0; regulation §3.10, §3.11
-- column rules: the rules of the rows asked for
-- What is asked for is in variables of the connection, as for `ledger_level`.
with
asked as (
    select
        unit_type,
        unit_id,
        sector,
        hf_orgnr,
        residence_rhf_orgnr,
        group_code,
        month,
        string_agg(rule, ', ' order by rule) as rules,
        sum(points) as points,
    from ledger
    where unit_type <> 'region'
        and (getvariable('hf') is null or coalesce(hf_orgnr, '') = getvariable('hf'))
        and (getvariable('rule') is null or rule = getvariable('rule'))
        and (getvariable('month') is null or coalesce(cast(month as varchar), '') = getvariable('month'))
        and (getvariable('group_code') is null or group_code = getvariable('group_code'))
        and (getvariable('sector') is null or sector = getvariable('sector'))
    group by unit_type, unit_id, sector, hf_orgnr, residence_rhf_orgnr, group_code, month
)

select
    asked.unit_type,
    asked.unit_id as code,
    asked.sector,
    asked.group_code,
    asked.month,
    treating.hf_name as name,
    paid.hf_name as residence_rhf_name,
    asked.rules,
    cast(asked.points as decimal(18, 3)) as points,
    cast(round(asked.points * point_price.nok_per_point, 2) as decimal(18, 2)) as refund_nok,
from asked
inner join point_price on point_price.sector = asked.sector
inner join provider as treating on treating.hf_orgnr is not distinct from asked.hf_orgnr
inner join provider as paid on paid.hf_orgnr is not distinct from asked.residence_rhf_orgnr
