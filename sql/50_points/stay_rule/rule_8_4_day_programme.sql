-- what: supplement for full-day outpatient programmes, PHV/TSB
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 8.4; regulation §8.4
select
    stay.stay_nr,
    '8.4' as rule,
    'adjustment' as kind,
    ref.points('8.4') as points,
from supplement_stay as stay
where stay.sector = 'PHVTSB'
    and stay.drg in (from ref.codes('8.4', 'drg'))
    and stay.stay_nr in (
        select stay_nr
        from stay_code
        where code_kind = 'procedure'
            and code in (from ref.codes('8.4', 'procedure'))
    )
