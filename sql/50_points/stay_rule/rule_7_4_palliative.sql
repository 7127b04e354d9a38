-- what: supplement for palliative care in a palliative centre, overnight stays
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 7.4; regulation §7.4
select
    stay.stay_nr,
    '7.4' as rule,
    'adjustment' as kind,
    ref.points('7.4') as points,
from supplement_stay as stay
where stay.sector = 'SOM'
    and stay.is_overnight
    and stay.stay_nr in (
        select stay_nr
        from stay_code
        where code_kind = 'procedure'
            and code in (from ref.codes('7.4', 'procedure'))
    )
