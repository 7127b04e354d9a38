-- what: deduction for ritual circumcision, without floor
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 7.15; regulation §7.15
select
    stay.stay_nr,
    '7.15' as rule,
    'adjustment' as kind,
    ref.points('7.15') as points,
from supplement_stay as stay
where stay.sector = 'SOM'
    and stay.stay_nr in (
        select stay_nr
        from stay_code
        where code_kind = 'procedure'
            and code in (from ref.codes('7.15', 'procedure'))
    )
