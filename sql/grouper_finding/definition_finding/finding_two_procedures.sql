-- what: rules whose two wanted procedures some single procedure is both of; such a case must have two
-- grain: one row per kind of finding that there is
-- key: finding
-- source: docs/grouper.md, Definition tables: to be looked at when a new year is loaded
select
    'one_procedure_is_both' as finding,
    count(*) as number,
    string_agg(drglogic.ord, ', ' order by drglogic.ord) as examples,
from two_procedure_rule
inner join definition.drglogic as drglogic on drglogic.rule_nr = two_procedure_rule.rule_nr
having count(*) > 0
