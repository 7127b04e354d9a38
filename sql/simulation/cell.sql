-- what: the ledger in small: natural rows, and the rows that bring zeroed stays and pathway members to 0
-- grain: one row per trust, region of residence, group, state and rule
-- key: sector, unit_type, hf_orgnr, residence_rhf_orgnr, residence_county, group_code, state, rule
-- source: docs/regelverk.md 3 to 5; docs/simulation.md
with
stated as (
    select
        *,
        case
            when zeroing_rule is not null then 'zeroed'
            when member_rule is not null then 'member'
            else 'paid'
        end as state,
    from unit_cell_all
),

ended_at_zero as (
    select
        sector,
        unit_type,
        hf_orgnr,
        residence_rhf_orgnr,
        residence_county,
        group_code,
        state,
        coalesce(zeroing_rule, member_rule) as rule,
        if(zeroing_rule is not null, 'zeroing', 'taken_over') as kind,
        sum(units) filter (where stated.kind = 'base') as units,
        -sum(points) as points,
    from stated
    where state <> 'paid'
    group by all
),

ledger_row as (
    select
        sector,
        unit_type,
        hf_orgnr,
        residence_rhf_orgnr,
        residence_county,
        group_code,
        state,
        rule,
        kind,
        units,
        points,
    from stated
    union all
    select * from ended_at_zero
    union all
    select
        'SOM' as sector,
        'region' as unit_type,
        null as hf_orgnr,
        residence_rhf_orgnr,
        null as residence_county,
        complex_drg as group_code,
        'paid' as state,
        rule,
        kind,
        1 as units,
        points,
    from regional_deduction
)

select
    sector,
    unit_type,
    hf_orgnr,
    residence_rhf_orgnr,
    residence_county,
    group_code,
    state,
    rule,
    kind,
    case
        when unit_type = 'pathway' or kind = 'taken_over' then 'counting'
        when kind = 'base' then 'base'
        else 'supplement'
    end as part,
    cast(sum(units) as bigint) as units,
    cast(sum(points) as decimal(18, 3)) as points,
from ledger_row
group by all
