-- what: points and kroner of the ledger rows asked for, by trust, region, rule, month, group or municipality: a level of the lists of `isf serve`
-- grain: one row per value of the level
-- key: code, sector
-- source: docs/regelverk.md 0; regulation §3.10, §3.11
-- column code: organisation number, rule, month of the year, group or municipality; empty where the ledger has none
-- column sector: of a group; else empty
-- column nok: kroner before they are rounded, for the sum of all lines
-- `asked` is what the lists are made of, as far as it was asked for. The level is in the variable `level`.
with
coded as (
    select
        case getvariable('level')
            when 'hf' then hf_orgnr
            when 'rhf' then residence_rhf_orgnr
            when 'rule' then rule
            when 'month' then if(month = 0, '', cast(month as varchar))
            when 'municipality' then if(municipality_number = 0, '', lpad(cast(municipality_number as varchar), 4, '0'))
            else group_code
        end as code,
        if(getvariable('level') = 'group', sector, null) as code_sector,
        sector,
        ledger_rows,
        units,
        points,
    from asked
),

summed as (
    select
        code,
        code_sector,
        sector,
        sum(ledger_rows) as ledger_rows,
        sum(units) as units,
        sum(points) as points,
    from coded
    group by code, code_sector, sector
),

priced as (
    select
        summed.code,
        summed.code_sector,
        sum(summed.ledger_rows) as ledger_rows,
        sum(summed.units) as units,
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
),

named_municipality as (
    select
        lpad(cast(municipality_number as varchar), 4, '0') as code,
        any_value(name order by name) as name,
    from ref.municipality
    group by municipality_number
)

select
    priced.code,
    priced.code_sector as sector,
    case getvariable('level')
        when 'hf' then if(priced.code = '', 'Trekk for kompleks rehabilitering, eller uten HF', provider.hf_name)
        when 'rhf' then provider.hf_name
        when 'rule' then coalesce(rule.title, priced.code)
        when 'group' then named_group.name
        when 'municipality' then coalesce(named_municipality.name, 'uten kommune')
    end as name,
    cast(priced.ledger_rows as bigint) as ledger_rows,
    cast(priced.units as bigint) as units,
    cast(priced.points as decimal(18, 3)) as points,
    cast(round(priced.nok, 2) as decimal(18, 2)) as refund_nok,
    priced.nok,
from priced
left join provider on getvariable('level') in ('hf', 'rhf') and provider.hf_orgnr = priced.code
left join ref.rule as rule on getvariable('level') = 'rule' and rule.rule = priced.code
left join named_group
    on getvariable('level') = 'group' and named_group.sector = priced.code_sector and named_group.code = priced.code
left join named_municipality on getvariable('level') = 'municipality' and named_municipality.code = priced.code
