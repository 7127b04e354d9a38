-- what: supplement for the copayment that young patients do not pay, one per patient and start date
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 8.6; regulation §8.6
with
young as (
    select
        stay.stay_nr,
        -- Over all institutions: the first such stay of the date by start, then id.
        row_number() over (
            partition by stay.patient_id, stay.start_date order by stay.start_s, stay.stay_id
        ) as order_of_date,
    from supplement_stay as stay
    cross join landing.delivery as delivery
    where stay.sector = 'PHVTSB'
        and not stay.has_department_stay
        -- The year of turning 26 included; a missing birth year gives no supplement.
        and stay.birth_year >= delivery.year - ref.number('8.6', 'to_age')
        and (stay.sector, stay.drg) not in (select sector, drg from ref.drg_exception where kind = 'copayment')
)

select
    stay_nr,
    '8.6' as rule,
    'adjustment' as kind,
    ref.points('8.6') as points,
from young
where order_of_date = 1
