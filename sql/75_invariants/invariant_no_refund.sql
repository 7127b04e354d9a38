-- what: stays under a zeroing rule (sterilisation, assisted fertilisation) that do not end at 0
-- title: Opphold som ikke skal gi refusjon, ender på 0 poeng
-- grain: one row per violation: a stay; no rows when all is well
-- key: unit
-- source: docs/regelverk.md 3, 7.6 and 7.9; regulation §7.6, §7.9
with
zeroed as (
    select unit_id
    from ledger
    where unit_type = 'stay' and kind = 'zeroing'
)

select
    unit_id as unit,
    sum(points) as difference,
from ledger
where unit_type = 'stay' and unit_id in (select unit_id from zeroed)
group by unit_id
having sum(points) <> 0
