-- what: sterilisation gives no refund: all points of the stay so far are taken back
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 7.6; regulation §7.6
with
sterilisation as (
    select stay_nr
    from supplement_stay
    where sector = 'SOM'
        and (
            drg in (from ref.codes('7.6', 'drg'))
            or (
                drg in (from ref.codes('7.6', 'drg_with_main_condition'))
                and main_condition in (from ref.codes('7.6', 'main_condition'))
            )
        )
)

select
    stay_nr,
    '7.6' as rule,
    'zeroing' as kind,
    -sum(points) as points,
from stay_rule
where stay_nr in (select stay_nr from sterilisation)
group by stay_nr
having sum(points) <> 0
