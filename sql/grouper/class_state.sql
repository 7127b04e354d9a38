-- what: the operation properties of each class, and the CC level that a procedure has by itself
-- grain: one row per class that has one of them
-- key: class_nr
-- source: docs/grouper.md, How a rule is matched: procedure properties, CC level
-- column or_state: 1 = property 1, 2 = property 2, 3 = both
select
    class_nr,
    bit_or(if(kind = 'operation', cast(value as integer), 0)) as or_state,
    max(if(kind = 'level', cast(value as integer), 0)) as level,
from class_effect
where kind in ('operation', 'level')
group by class_nr
