-- what: the properties that rules want or forbid
-- grain: one row per rule, kind and property
-- key: rule_nr, kind, property, wanted
-- source: docs/grouper.md, How a rule is matched
-- column kind: main (of the main diagnosis), diagnosis, procedure, or other_operation: one without this property
with
criterion as (
    unpivot (
        select rule_nr, pdgprop, procpro1, secproc1, dgprop1, dgprop2, dgprop3, dgprop4 from definition.drglogic
    )
    on pdgprop, procpro1, secproc1, dgprop1, dgprop2, dgprop3, dgprop4
    into name column_name value value
)

select distinct
    criterion.rule_nr,
    case
        when criterion.value = '-' then 'other_operation'
        when criterion.column_name = 'pdgprop' then 'main'
        when criterion.column_name in ('procpro1', 'secproc1') then 'procedure'
        else 'diagnosis'
    end as kind,
    -- The lone minus forbids operations without the property that the rule's first procedure has.
    if(criterion.value = '-', drglogic.procpro1, ltrim(criterion.value, '-')) as property,
    criterion.value not like '-%' as wanted,
from criterion
inner join definition.drglogic as drglogic on drglogic.rule_nr = criterion.rule_nr
