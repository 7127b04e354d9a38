-- what: classes of procedures that are both of the two that some rule wants; a second one of the class gets a number
-- grain: one row per class
-- key: class_nr
-- source: docs/grouper.md, How a rule is matched: the same code twice is two entries
with
double as (
    select distinct first.class_nr
    from two_procedure_rule
    inner join class_effect as first
        on first.kind = 'procedure' and first.value = two_procedure_rule.first_property and first.is_procedure
    inner join class_effect as second
        on second.kind = 'procedure'
        and second.value = two_procedure_rule.second_property
        and second.class_nr = first.class_nr
)

select
    class_nr,
    cast(
        row_number() over (order by class_nr) + (select coalesce(max(class_nr), 0) from code_class) as integer
    ) as again_nr,
from double
