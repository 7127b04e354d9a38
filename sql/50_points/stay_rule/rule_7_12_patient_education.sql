-- what: supplement for patient education in groups, somatic care
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: rulebook section 3, 7.12; regulation §7.12
select
    stay.stay_nr,
    '7.12' as rule,
    'adjustment' as kind,
    parameter.points,
from supplement_stay as stay
inner join ref.parameter as parameter on parameter.rule = '7.12' and parameter.parameter = 'points'
where stay.sector = 'SOM'
    and stay.drg in (select value from ref.parameter where rule = '7.12' and parameter = 'drg')
    and stay.stay_nr in (
        select stay_nr
        from stay_code
        where code_kind = 'procedure'
            and code in (select value from ref.parameter where rule = '7.12' and parameter = 'procedure')
    )
