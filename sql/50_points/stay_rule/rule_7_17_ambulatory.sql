-- what: supplement for ambulatory consultations, somatic care, once per stay
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 7.17; regulation §7.17, §4.12
select
    stay.stay_nr,
    '7.17' as rule,
    'adjustment' as kind,
    ref.points('7.17') as points,
from supplement_stay as stay
where stay.sector = 'SOM'
    and not stay.has_department_stay
    and stay.has_ambulatory_contact
    and (stay.sector, stay.drg) not in (select sector, drg from ref.drg_exception where kind = 'ambulatory')
