-- what: rules whose two wanted procedures some single procedure would be both of; a case needs two then
-- grain: one row per rule
-- key: rule_nr
-- source: docs/grouper.md, How a rule is matched: one entry of the procedure list cannot meet both criteria
with
both_wanted as (
    select
        rule_nr,
        procpro1 as first_property,
        secproc1 as second_property,
    from definition.drglogic
    where procpro1 not like '-%' and secproc1 not like '-%'
),

given as (
    select code, varval as property from definition.proc where vartype = 'PROCPR'
)

select distinct
    both_wanted.rule_nr,
    both_wanted.first_property,
    both_wanted.second_property,
from both_wanted
inner join given as first on first.property = both_wanted.first_property
inner join given as second on second.property = both_wanted.second_property and second.code = first.code
