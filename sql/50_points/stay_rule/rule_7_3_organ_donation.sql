-- what: supplement for organ retrieval from deceased donors, once per stay
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 7.3; regulation §7.3
select
    stay.stay_nr,
    '7.3' as rule,
    'adjustment' as kind,
    ref.points('7.3') as points,
from supplement_stay as stay
where stay.sector = 'SOM'
    and ref.has_rule('7.3')
    and stay.stay_nr in (
        select stay_nr
        from stay_code
        where code_kind = 'procedure' and code in (select code from ref.organ_donation_code)
    )
