-- what: rows of the complication categories whose name no code gives: a heading among the rows, or a category unused
-- grain: one row per kind of finding that there is
-- key: finding
-- source: docs/grouper.md, Definition tables
select
    'complication_never_given' as finding,
    count(*) as number,
    string_agg(compl, ', ' order by compl) as examples,
from (select distinct compl from definition.complcat) as category
where compl not in (select varval from definition.dg where vartype = 'COMPL')
    -- The active twin of an inactive category, and the other way round, need no code of its own.
    and not regexp_full_match(compl, '[0-9A-Za-z]{2}[CGIJ][0-9A-Za-z]+')
having count(*) > 0
