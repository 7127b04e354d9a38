-- what: what the rows of a unit give together, where there are several
-- grain: one row per unit with more than one row
-- key: unit_type, unit_id
-- source: docs/serve.md; docs/regelverk.md 0
-- column unit_nr: number of the first of its rows in the ledger
-- column unit_rules: the rules of its rows
with
rule_number as (
    select
        rule,
        cast(row_number() over (order by rule) - 1 as integer) as nr,
    from (select distinct rule from ledger)
),

summed as (
    -- The rules as bits: millions of lists would take more memory than the server has, and the sets are few.
    select
        ledger.unit_type,
        ledger.unit_id,
        min(ledger.place) as unit_nr,
        bit_or(cast(1 as hugeint) << rule_number.nr) as rules,
        sum(ledger.points) as points,
    from ledger
    inner join unit_key on unit_key.unit_type = ledger.unit_type and unit_key.unit_id = ledger.unit_id
    inner join rule_number on rule_number.rule = ledger.rule
    group by ledger.unit_type, ledger.unit_id
),

rule_set as (
    select
        listed.rules,
        string_agg(rule_number.rule, ', ' order by rule_number.rule) as unit_rules,
    from (select distinct rules from summed) as listed
    inner join rule_number on (listed.rules >> rule_number.nr) & 1 = 1
    group by listed.rules
)

select
    summed.unit_type,
    summed.unit_id,
    summed.unit_nr,
    rule_set.unit_rules,
    cast(summed.points as decimal(18, 3)) as unit_points,
from summed
inner join rule_set on rule_set.rules = summed.rules
