-- what: items of the lighter parts of a stay: before a transfer, a contact that joins, a second contact the same day
-- grain: one row per sector, use
-- key: sector, use
-- source: docs/synthetic-data.md
select
    l.sector,
    l.use,
    list(i.item_nr order by i.item_nr) as items,
from syn.light_drgs as l
inner join item as i on i.sector = l.sector and i.drg = l.drg
-- A contact that reports a special service is no lighter part of another stay.
where i.stg is null
group by all
