-- what: rules that can never win, because an earlier rule asks for the same or less
-- grain: one row per kind of finding that there is
-- key: finding
-- source: docs/grouper.md, Definition tables: findings that do not refuse the tables
with
asked as (
    select
        drg_rule.*,
        coalesce(property.asked, []) as asked,
    from drg_rule
    left join (
        select rule_nr, list(kind || property || wanted order by kind, property, wanted) as asked
        from rule_property
        group by rule_nr
    ) as property on property.rule_nr = drg_rule.rule_nr
)

select
    'rule_never_wins' as finding,
    count(distinct later.rule_nr) as number,
    string_agg(distinct later.ord, ', ' order by later.ord) as examples,
from asked as later
inner join asked as earlier
    on earlier.rule_nr < later.rule_nr
    and earlier.age_over <= later.age_over
    and earlier.age_under >= later.age_under
    and earlier.duration_over <= later.duration_over
    and earlier.duration_under >= later.duration_under
    and later.sex_mask & ~earlier.sex_mask = 0
    and later.discharge_mask & ~earlier.discharge_mask = 0
    and later.or_mask & ~earlier.or_mask = 0
    and later.level_mask & ~earlier.level_mask = 0
where list_has_all(later.asked, earlier.asked)
    and (earlier.category is null or earlier.category = later.category)
    and (earlier.mdc is null or earlier.mdc = coalesce(later.mdc, later.category[:2]))
    and (earlier.mdc_not is null or earlier.mdc_not is not distinct from later.mdc_not)
    and (earlier.category_not is null or earlier.category_not is not distinct from later.category_not)
    and (
        earlier.has_category is null
        or earlier.has_category is not distinct from if(
            coalesce(later.mdc, later.category, later.category_not) is not null, true, later.has_category
        )
    )
    -- An earlier rule that asks for two procedures asks for more than both properties.
    and earlier.rule_nr not in (select rule_nr from two_procedure_rule)
having count(*) > 0
