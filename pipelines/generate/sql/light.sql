-- What:  Items of the lighter parts of a stay: before a transfer, a contact that joins, a second contact the same day.
-- Key:   sector, use
select l.sector, l.use, list(i.item_nr order by i.item_nr) as items
from syn.light_drgs as l inner join item as i on i.sector = l.sector and i.drg = l.drg
group by all
