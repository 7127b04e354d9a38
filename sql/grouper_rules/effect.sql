-- what: what a code can do to a case's group, as far as some rule or complication category asks for it
-- grain: one row per kind and value
-- key: effect_nr
-- source: docs/grouper.md, How a rule is matched: features
-- column kind: main, diagnosis, procedure, operation, other_operation, complication or level
with
given as (
    select vartype, varval from definition.dg
    union
    select vartype, varval from definition.proc
),

wanted_diagnosis as (
    select property from asked_property where kind = 'diagnosis'
    union
    select inclprop as property from definition.complcat where inclprop is not null
),

found as (
    select 'main' as kind, varval as value from given where vartype = 'PDGPRO'
    intersect
    select kind, property as value from asked_property
    union all
    (
        select 'procedure' as kind, varval as value from given where vartype = 'PROCPR'
        intersect
        select kind, property as value from asked_property
    )
    union all
    (
        select 'diagnosis' as kind, varval as value
        from given
        where vartype = 'DGPROP'
            and (
                varval in (select property from wanted_diagnosis)
                or varval in (
                    select property from recoding where becomes in (select property from wanted_diagnosis)
                )
            )
    )
    union all
    select distinct 'operation' as kind, varval as value from given where vartype = 'OR'
    union all
    select kind, property as value from asked_property where kind = 'other_operation'
    union all
    select distinct 'complication' as kind, varval as value from given where vartype = 'COMPL'
    union all
    select distinct 'level' as kind, varval as value from given where vartype = 'CC'
)

select
    cast(row_number() over (order by kind, value) as integer) as effect_nr,
    kind,
    value,
from found
