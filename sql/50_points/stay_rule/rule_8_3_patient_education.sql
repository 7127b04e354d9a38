-- what: supplement for patient education in groups, PHV/TSB
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 8.3; regulation §8.3
select
    stay.stay_nr,
    '8.3' as rule,
    'adjustment' as kind,
    ref.points('8.3') as points,
from supplement_stay as stay
where stay.sector = 'PHVTSB'
    and stay.drg in (from ref.codes('8.3', 'drg'))
    and stay.stay_nr in (
        select stay_nr
        from stay_code
        where code_kind = 'procedure'
            and code in (from ref.codes('8.3', 'procedure'))
    )
