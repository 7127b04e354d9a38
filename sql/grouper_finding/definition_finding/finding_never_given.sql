-- what: properties, categories and chapters that rules want and no code gives
-- grain: one row per kind of finding that there is
-- key: finding
-- source: docs/grouper.md, Definition tables: findings that do not refuse the tables
with
given as (
    select
        case vartype
            when 'PDGPRO' then 'main'
            when 'DGPROP' then 'diagnosis'
            when 'PROCPR' then 'procedure'
            when 'DGCAT' then 'category'
        end as kind,
        varval as property,
    from (select vartype, varval from definition.dg union select vartype, varval from definition.proc) as code
    union all
    select 'chapter' as kind, varval[:2] as property from definition.dg where vartype = 'DGCAT'
    union all
    select 'diagnosis' as kind, becomes as property from recoding
    union all
    -- Categories are always recoded by sex, and their chapters with them.
    select
        'category' as kind,
        recoded_chapter.becomes || dg.varval[3:] as property,
    from definition.dg as dg
    inner join recoded_chapter on starts_with(dg.varval, recoded_chapter.chapter)
    where dg.vartype = 'DGCAT'
    union all
    select 'chapter' as kind, becomes as property from recoded_chapter
),

wanted as (
    select kind, property from rule_property where kind <> 'other_operation'
    union
    select 'category' as kind, coalesce(category, category_not) as property from drg_rule
    union
    select 'chapter' as kind, coalesce(mdc, mdc_not) as property from drg_rule
)

select
    'property_never_given' as finding,
    count(*) as number,
    string_agg(property, ', ' order by property) as examples,
from wanted
where property is not null and (kind, property) not in (select (kind, property) from given where kind is not null)
having count(*) > 0
