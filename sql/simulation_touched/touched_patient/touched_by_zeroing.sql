-- what: patients of stays under a zeroing rule that have nothing to take back now, but may have under other points
-- grain: one row per patient and stay
-- key: patient_id
-- source: docs/regelverk.md 3, 7.6 and 7.9; regulation §7.6, §7.9
with
-- Points of a rule that the stays may have beside their base points.
changed_parameter as (
    (select rule, points from ref.parameter where parameter = 'points')
    except
    (select rule, points from other.parameter where parameter = 'points')
),

judged as (
    select stay_nr from stay_code where code_kind = 'tariff'
    union
    select stay_nr
    from stay
    where drg in (from ref.codes('7.6', 'drg')) or drg in (from ref.codes('7.6', 'drg_with_main_condition'))
),

unpaid as (
    select
        stay.stay_nr,
        stay.patient_id,
    from stay
    where stay.stay_nr in (select stay_nr from judged)
        and stay.stay_nr not in (select stay_nr from zeroing_rule)
        and (
            (stay.sector, stay.drg) in (select (sector, drg) from changed_drg where has_other_base_points)
            or exists (select 1 from changed_parameter)
        )
)

select
    'zeroing' as cause,
    any_value(unpaid.patient_id) as patient_id,
from unpaid
inner join stay_rule on stay_rule.stay_nr = unpaid.stay_nr
group by unpaid.stay_nr
having sum(stay_rule.points) = 0
