-- what: extra stays of the same patient that follow from a stay of an item
-- grain: one row per parent_item, nr
-- key: parent_item, nr
-- source: docs/synthetic-data.md
-- A pathway's controls, a second admission after a weekend at home, the hours before a transfer.
select
    row_number() over (partition by p.item_nr order by c.parent, c.child, c.from_day)::integer as nr,
    p.item_nr as parent_item,
    coalesce(k.item_nr, p.item_nr) as child_item,
    c.mean,
    c.from_day,
    c.to_day,
    c.main_condition,
    c.kind,
    coalesce(k.points, p.points) as points
from syn.companions as c
inner join item as p on p.sector = c.sector and (p.code = c.parent or (c.parent = '*A' and p.setting = 'A'))
left join item as k on k.sector = c.sector and k.code = c.child
where c.child = '=' or k.item_nr is not null
order by parent_item, nr
