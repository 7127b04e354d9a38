-- what: categories of performers per item, repeated by their weight
-- grain: one row per item_nr
-- key: item_nr
-- source: docs/synthetic-data.md
with keyed as (
    select
        i.item_nr,
        p.category,
        p.weight,
        p.drg = '*' as general
    from item as i
    inner join syn.personnel as p
        on p.sektor = i.sektor and p.setting = i.setting and p.drg in ('*', i.drg)
    where p.weight > 0
),

chosen as (
    select * from keyed qualify general = min(general) over (partition by item_nr)
),

spread as (
    select
        item_nr,
        category,
        greatest(1, round(100 * weight / sum(weight) over (partition by item_nr)))::integer as times
    from chosen
)

select
    item_nr,
    flatten(list(list_transform(range(times), lambda x: category) order by category)) as categories
from spread group by item_nr order by item_nr
