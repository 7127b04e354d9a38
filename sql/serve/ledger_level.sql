-- what: points and kroner of the ledger rows asked for, by trust, rule, month or group: a level of the lists of `isf serve`
-- grain: one row per value of the level
-- key: code
-- source: docs/regelverk.md 0; regulation §3.10, §3.11
-- column code: organisation number, rule, month of the year or group; empty where the ledger has none
-- What is asked for is in variables of the connection: `level` (hf, rule, month or group), and `hf`, `rule`, `month`,
-- `group_code` and `sector`, each null where all are meant; an empty text means the rows without a value.
with
asked as (
    select
        case getvariable('level')
            when 'hf' then hf_orgnr
            when 'rule' then rule
            when 'month' then cast(month as varchar)
            else group_code
        end as code,
        if(getvariable('level') = 'group', sector, null) as code_sector,
        sector,
        points,
    from ledger
    where (getvariable('hf') is null or coalesce(hf_orgnr, '') = getvariable('hf'))
        and (getvariable('rule') is null or rule = getvariable('rule'))
        and (getvariable('month') is null or coalesce(cast(month as varchar), '') = getvariable('month'))
        and (getvariable('group_code') is null or group_code = getvariable('group_code'))
        and (getvariable('sector') is null or sector = getvariable('sector'))
),

summed as (
    select
        code,
        code_sector,
        sector,
        count(*) as ledger_rows,
        sum(points) as points,
    from asked
    group by code, code_sector, sector
),

priced as (
    select
        summed.code,
        summed.code_sector,
        sum(summed.ledger_rows) as ledger_rows,
        sum(summed.points) as points,
        sum(summed.points * point_price.nok_per_point) as nok,
    from summed
    inner join point_price on point_price.sector = summed.sector
    group by summed.code, summed.code_sector
),

named_group as (
    select sector, drg as code, name from ref.drg
    union all
    select sector, stg as code, name from ref.stg
    union all
    select sector, tfg as code, name from ref.tfg
)

select
    coalesce(priced.code, '') as code,
    priced.code_sector as sector,
    case getvariable('level')
        when 'hf' then coalesce(provider.hf_name, 'Trekk for kompleks rehabilitering, eller uten HF')
        when 'rule' then coalesce(rule.title, priced.code)
        when 'group' then named_group.name
    end as name,
    cast(priced.ledger_rows as bigint) as ledger_rows,
    cast(priced.points as decimal(18, 3)) as points,
    cast(round(priced.nok, 2) as decimal(18, 2)) as refund_nok,
from priced
left join provider on getvariable('level') = 'hf' and provider.hf_orgnr = priced.code
left join ref.rule as rule on getvariable('level') = 'rule' and rule.rule = priced.code
left join named_group
    on getvariable('level') = 'group' and named_group.sector = priced.code_sector and named_group.code = priced.code
