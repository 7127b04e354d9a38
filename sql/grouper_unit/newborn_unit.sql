-- what: stays or episodes of who is born in the activity year, with a main condition of the newborn's chapter
-- grain: one row per such stay or episode
-- key: unit_nr
-- source: docs/grouper.md, In the settlement: age
with
born as (
    select unit_fact.unit_nr
    from unit_fact
    cross join landing.delivery as delivery
    where unit_fact.birth_year = delivery.year and coalesce(unit_fact.age_reported, -1) < 0
),

main as (
    select case_nr, code, second_code
    from case_diagnosis
    where is_main and case_nr in (select unit_nr from born)
),

category as (
    select code, coalesce(d_code, '') as d_code, varval from definition.dg where vartype = 'DGCAT'
)

select main.case_nr as unit_nr
from main
left join category as of_pair on of_pair.code = main.second_code and of_pair.d_code = main.code
left join category as of_second on of_second.code = main.second_code and of_second.d_code = ''
left join category as of_first on of_first.code = main.code and of_first.d_code = ''
where coalesce(of_pair.varval, of_second.varval, of_first.varval)[:2] in (from ref.codes('7.18', 'grouping_newborn_chapter'))
