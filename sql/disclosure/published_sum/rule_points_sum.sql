-- what: the points of the rules add up to the country's, for stays, services and pathways
-- grain: one row per sum and number in it
-- key: sum_id, number_id
-- source: rulebook sections 0 and 3 to 5
with
rule_points as (
    select
        sector,
        unit_type,
        concat_ws('|', 'rule_sum', rule, sector, 'points') as number_id,
    from rule_sum
    where not regional
)

select
    concat_ws('|', 'regler', unit_type, sector) as sum_id,
    number_id,
    1 as coefficient,
from rule_points
where unit_type <> 'several'
union all
select
    concat_ws('|', 'regler', unit_type, sektor) as sum_id,
    number_id,
    -1 as coefficient,
from point_total
union all
-- A rule of several kinds of unit is the sum of its parts, each of which belongs to one kind.
select
    concat_ws('|', 'regler', part.unit_type, part.sector) as sum_id,
    part.number_id,
    1 as coefficient,
from rule_part as part
union all
select
    'deler ' || whole_id as sum_id,
    number_id,
    1 as coefficient,
from rule_part
union all
select distinct
    'deler ' || whole_id as sum_id,
    whole_id as number_id,
    -1 as coefficient,
from rule_part
