-- what: what each diagnosis that occurs means as main diagnosis: its category, effects and complications
-- grain: one row per diagnosis that is a main diagnosis
-- key: entry_nr
-- source: docs/grouper.md, How a rule is matched: category and MDC of the main diagnosis, CC level
-- column struck: active categories that do not complicate it: its own, and those excluded for its codes or its pair
with
entry as (
    select
        diagnosis_entry.entry_nr,
        diagnosis_entry.code,
        diagnosis_entry.second_code,
    from diagnosis_entry
    inner join (select distinct code, second_code from case_diagnosis where is_main) as main
        on main.code = diagnosis_entry.code and main.second_code = diagnosis_entry.second_code
),

category as (
    select code, coalesce(d_code, '') as d_code, varval as category from definition.dg where vartype = 'DGCAT'
),

active_category as (
    select distinct
        value as given,
        value[:2] || if(value[3] in ('C', 'I'), 'C', 'G') || value[4:] as category,
    from effect
    where kind = 'complication'
),

own as (
    select
        entry_effect.entry_nr,
        active_category.category,
    from entry_effect
    -- Equal but for the third character.
    inner join active_category
        on active_category.category[:2] = entry_effect.value[:2]
        and active_category.category[4:] = entry_effect.value[4:]
    where entry_effect.kind = 'complication'
),

excluded as (
    select entry.entry_nr, complexcl.compl as category
    from entry
    inner join definition.complexcl as complexcl on complexcl.code = entry.code and complexcl.d_code is null
    union all
    select entry.entry_nr, complexcl.compl as category
    from entry
    inner join definition.complexcl as complexcl on complexcl.code = entry.second_code and complexcl.d_code is null
    union all
    select entry.entry_nr, complexcl.compl as category
    from entry
    inner join definition.complexcl as complexcl
        on complexcl.code = entry.second_code and complexcl.d_code = entry.code
),

struck as (
    select entry_nr, list(distinct category order by category) as struck
    from (
        select entry_nr, category from own
        union all
        select entry_nr, category from excluded where category in (select category from active_category)
    ) as listed
    group by entry_nr
),

effects as (
    select entry_nr, list(effect_nr order by effect_nr) as effects
    from entry_effect
    where kind not in ('complication', 'level')
    group by entry_nr
)

select
    entry.entry_nr,
    coalesce(of_pair.category, of_second.category, of_first.category, '') as category,
    coalesce(effects.effects, []) as effects,
    coalesce(struck.struck, []) as struck,
from entry
left join category as of_pair on of_pair.code = entry.second_code and of_pair.d_code = entry.code
left join category as of_second on of_second.code = entry.second_code and of_second.d_code = ''
left join category as of_first on of_first.code = entry.code and of_first.d_code = ''
left join effects on effects.entry_nr = entry.entry_nr
left join struck on struck.entry_nr = entry.entry_nr
