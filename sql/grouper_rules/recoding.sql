-- what: what a diagnosis property that is recoded by sex becomes; of an unknown sex it stays as it is
-- grain: one row per recoded property and sex
-- key: property, sex_state
-- source: docs/grouper.md, How a rule is matched: diagnosis properties: not with tables whose own logic asks for such a property
with
given as (
    select varval as property from definition.dg where vartype = 'DGPROP'
    union
    select varval as property from definition.proc where vartype = 'DGPROP'
)

select
    given.property,
    recoded_chapter.sex_state,
    recoded_chapter.becomes || given.property[3:] as becomes,
from given
inner join recoded_chapter on starts_with(given.property, recoded_chapter.chapter)
where not exists (
    select 1
    from rule_property
    inner join recoded_chapter as asked on starts_with(rule_property.property, asked.chapter)
    where rule_property.kind = 'diagnosis'
)
