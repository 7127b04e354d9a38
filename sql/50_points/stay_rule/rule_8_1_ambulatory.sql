-- what: supplement for ambulatory consultations, PHV/TSB, once per stay
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 8.1; regulation §8.1, §4.12
select
    stay.stay_nr,
    '8.1' as rule,
    'adjustment' as kind,
    ref.points('8.1') as points,
from supplement_stay as stay
where stay.sector = 'PHVTSB'
    and not stay.has_department_stay
    and stay.has_ambulatory_contact
    and (stay.sector, stay.drg) not in (select sector, drg from ref.drg_exception where kind = 'ambulatory')
