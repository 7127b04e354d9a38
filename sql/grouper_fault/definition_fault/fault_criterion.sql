-- what: criteria of the logic that hold an operator or a value without a known meaning
-- grain: one row per criterion
-- key: table_name, row_nr, column_name
-- source: docs/grouper.md, Definition tables: tables are refused: never ignored, because a criterion left out makes a rule win
with
criterion as (
    unpivot raw.drglogic
    on icd, mdc, dgcat1, pdgprop, "or", procpro1, secproc1, dgprop1, dgprop2, dgprop3, dgprop4, agelim, dur, compl, sex,
        disch
    into name column_name value value
)

select
    'drglogic' as table_name,
    criterion.row_nr,
    'rule ' || criterion.ord as row_name,
    criterion.column_name,
    criterion.value,
    'has no known meaning' as fault,
    'Known: ' || criterion_form.known as remedy,
from criterion
inner join criterion_form on criterion_form.column_name = criterion.column_name
where not regexp_full_match(criterion.value, criterion_form.pattern)
