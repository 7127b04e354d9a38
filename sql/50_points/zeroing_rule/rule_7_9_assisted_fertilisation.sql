-- what: assisted fertilisation with tariff B53 gives no refund: all points of the stay so far are taken back
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 7.9; regulation §7.9
with
tariff_stay as (
    select stay_nr
    from supplement_stay
    where sector = 'SOM'
        and stay_nr in (
            select stay_nr
            from stay_code
            where code_kind = 'tariff'
                and code in (from ref.codes('7.9', 'tariff'))
        )
        -- What sterilisation (§7.6) has brought to 0 already has nothing left to take back.
        and stay_nr not in (select stay_nr from rule_7_6_sterilisation)
)

select
    stay_nr,
    '7.9' as rule,
    'zeroing' as kind,
    -sum(points) as points,
from stay_rule
where stay_nr in (select stay_nr from tariff_stay)
group by stay_nr
having sum(points) <> 0
