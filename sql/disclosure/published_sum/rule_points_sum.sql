-- what: the points of the rules add up to the country's, for stays, services and pathways
-- grain: one row per sum and number in it
-- key: sum_id, number_id
-- source: docs/regelverk.md 0 and 3 to 5
with
rule_points as (
    select
        sektor,
        enhet_type,
        concat_ws('|', 'poeng_per_regel', regel, sektor, enhet_type, 'poeng') as number_id,
    from poeng_per_regel
    where enhet_type not in ('region', 'flere')
    union all
    -- A rule of several kinds of unit is the sum of its parts, each of which belongs to one kind.
    select
        sektor,
        enhet_type,
        number_id,
    from rule_part
)

select
    concat_ws('|', 'regler', enhet_type, sektor) as sum_id,
    number_id,
    1 as coefficient,
from rule_points
union all
select
    concat_ws('|', 'regler', enhet_type, sektor) as sum_id,
    number_id,
    -1 as coefficient,
from point_total
where exists (select 1 from poeng_per_regel)
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
