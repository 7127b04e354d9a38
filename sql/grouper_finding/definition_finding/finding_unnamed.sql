-- what: DRGs of the logic that have no row among the names, so that their chapter is not known
-- grain: one row per kind of finding that there is
-- key: finding
-- source: docs/grouper.md, Definition tables: findings that do not refuse the tables
select
    'drg_without_name' as finding,
    count(distinct drg) as number,
    string_agg(distinct drg, ', ' order by drg) as examples,
from definition.drglogic
where drg not in (select drg from definition.drgnames)
having count(*) > 0
