-- what: members of pathways that do not end at 0
-- title: Medlemmer av tjenesteforløp ender på 0 poeng
-- grain: one row per violation: a stay or service; no rows when all is well
-- key: unit
-- source: docs/regelverk.md 5; regulation §3.11 f
select
    unit_id as unit,
    sum(points) as difference,
from ledger
where (unit_type, unit_id) in (select unit_type, unit_id from pathway_member)
group by unit_type, unit_id
having sum(points) <> 0
