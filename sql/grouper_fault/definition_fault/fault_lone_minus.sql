-- what: `secproc1` that asks for no other operation beside the rule's own, in rules without one of their own
-- grain: one row per rule
-- key: table_name, row_nr
-- source: docs/grouper.md, How a rule is matched: the lone minus means procedures without the property of `procpro1`
select
    'drglogic' as table_name,
    row_nr,
    'rule ' || ord as row_name,
    'secproc1' as column_name,
    secproc1 as value,
    'asks for no other operation than the one of procpro1, which names none' as fault,
    'Write the property of the one operation in procpro1, or leave secproc1 empty' as remedy,
from raw.drglogic
where secproc1 = '-' and coalesce(procpro1 like '-%', true)
