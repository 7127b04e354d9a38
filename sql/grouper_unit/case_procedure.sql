-- what: the procedures of each stay or episode, and the codes that say what is urgent or mental health
-- grain: one row per procedure
-- key: none, a code may be reported several times
-- as: view
-- source: rulebook section 2.1 point 4; regulation §7.18; the added codes only where the tables know them
with
added as (
    select
        parameter.parameter,
        parameter.value as code,
    from ref.parameter as parameter
    where parameter.rule = '7.18'
        and parameter.parameter in ('grouping_urgent_code', 'grouping_mental_health_code')
        and parameter.value in (select code from definition.proc)
)

select
    coalesce(merged_unit.unit_nr, prosedyre.episode_nr) as case_nr,
    prosedyre.kode as code,
from landing.prosedyre as prosedyre
left join merged_unit on merged_unit.episode_nr = prosedyre.episode_nr
union all
select
    unit_fact.unit_nr as case_nr,
    added.code,
from unit_fact
inner join added
    on (added.parameter = 'grouping_urgent_code' and unit_fact.is_urgent)
    or (added.parameter = 'grouping_mental_health_code' and unit_fact.sector <> 'SOM')
