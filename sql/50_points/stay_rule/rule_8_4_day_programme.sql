-- what: supplement for full-day outpatient programmes, PHV/TSB
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: rulebook section 3, 8.4; regulation §8.4
select
    stay.stay_nr,
    '8.4' as rule,
    'adjustment' as kind,
    parameter.points,
from supplement_stay as stay
inner join ref.parameter as parameter on parameter.rule = '8.4' and parameter.parameter = 'points'
where stay.sector = 'PHVTSB'
    and stay.drg in (select value from ref.parameter where rule = '8.4' and parameter = 'drg')
    and stay.stay_nr in (
        select stay_nr
        from stay_code
        where code_kind = 'procedure'
            and code in (select value from ref.parameter where rule = '8.4' and parameter = 'procedure')
    )
