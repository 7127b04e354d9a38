-- what: supplement for patient education in groups, somatic care
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 7.12; regulation §7.12
select
    stay.stay_nr,
    '7.12' as rule,
    'adjustment' as kind,
    ref.points('7.12') as points,
from supplement_stay as stay
where stay.sector = 'SOM'
    and stay.drg in (from ref.codes('7.12', 'drg'))
    and stay.stay_nr in (
        select stay_nr
        from stay_code
        where code_kind = 'procedure'
            and code in (from ref.codes('7.12', 'procedure'))
    )
