-- what: the procedures of each stay or episode, and the codes that say what is urgent or mental health
-- grain: one row per procedure
-- key: none, a code may be reported several times
-- as: view
-- source: docs/regelverk.md 2.1 point 4; regulation §7.18; the added codes only where the tables know them
with
added as (
    select unit_fact.unit_nr, urgent.code
    from unit_fact
    cross join ref.codes('7.18', 'grouping_urgent_code') as urgent
    where unit_fact.is_urgent
    union all
    select unit_fact.unit_nr, mental_health.code
    from unit_fact
    cross join ref.codes('7.18', 'grouping_mental_health_code') as mental_health
    where unit_fact.sector <> 'SOM'
)

select
    coalesce(merged_unit.unit_nr, prosedyre.episode_nr) as case_nr,
    prosedyre.kode as code,
from landing.prosedyre as prosedyre
left join merged_unit on merged_unit.episode_nr = prosedyre.episode_nr
union all
select
    unit_nr as case_nr,
    code,
from added
where code in (select code from definition.proc)
