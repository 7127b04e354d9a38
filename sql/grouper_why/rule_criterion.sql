-- what: the criteria of each rule as they stand in the table
-- grain: one row per rule and criterion
-- key: rule_nr, column_name
-- source: docs/grouper.md, How a rule is matched
with
criterion as (
    unpivot definition.drglogic
    on icd, mdc, dgcat1, pdgprop, "or", procpro1, secproc1, dgprop1, dgprop2, dgprop3, dgprop4, agelim, dur, compl, sex,
        disch
    into name column_name value value
)

select
    rule_nr,
    column_name,
    value,
from criterion
