-- what: the ledger in small: natural rows, and the rows that bring zeroed stays and pathway members to 0
-- grain: one row per trust, region of residence, group, state and rule
-- key: sector, unit_type, hf_orgnr, residence_rhf_orgnr, residence_county, group_code, state, rule
-- source: rulebook sections 3 to 5; docs/simulation.md
with
stated as (
    select
        * exclude (zeroing_rule, is_member),
        zeroing_rule,
        case when zeroing_rule is not null then 'zeroed' when is_member then 'member' else 'paid' end as state,
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
        coalesce(zeroing_rule, 'tfg_member') as rule,
        sum(units) filter (where rule in ('drg_base', 'stg_base')) as units,
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
        '7.2.1' as rule,
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
    case
        when rule in ('drg_base', 'stg_base') then 'base'
        when rule in ('tfg_base', 'tfg_member') then 'counting'
        else 'supplement'
    end as part,
    cast(sum(units) as bigint) as units,
    cast(sum(points) as decimal(18, 3)) as points,
from ledger_row
group by all
