-- what: the points of the rules add up to the country's, for stays, services and pathways
-- grain: one row per sum and number in it
-- key: sum_id, number_id
-- source: rulebook sections 0 and 3 to 5
with
rule_points as (
    select
        rule,
        sector,
        concat_ws('|', 'rule_sum', rule, sector, 'points') as number_id,
        case rule
            when 'stg_base' then 'service'
            when 'tfg_base' then 'pathway'
            when 'tfg_member' then 'both'
            else 'stay'
        end as unit_type,
    from rule_sum
    where not regional
),

taken_over as (
    select
        number_id,
        sector,
    from rule_points
    where unit_type = 'both'
),

taken_over_part as (
    select
        part as unit_type,
        sector,
        concat_ws('|', 'rule_sum', 'tfg_member', sector, part) as number_id,
    from taken_over
    cross join (select unnest(['stay', 'service']) as part)
)

select
    concat_ws('|', 'regler', unit_type, sector) as sum_id,
    number_id,
    1 as coefficient,
from rule_points
where unit_type <> 'both'
union all
select
    concat_ws('|', 'regler', unit_type, sector) as sum_id,
    number_id,
    1 as coefficient,
from taken_over_part
union all
select
    concat_ws('|', 'regler', unit_type, sektor) as sum_id,
    number_id,
    -1 as coefficient,
from point_total
union all
select
    concat_ws('|', 'regler', 'tfg_member', sector) as sum_id,
    number_id,
    1 as coefficient,
from taken_over_part
union all
select
    concat_ws('|', 'regler', 'tfg_member', sector) as sum_id,
    number_id,
    -1 as coefficient,
from taken_over
