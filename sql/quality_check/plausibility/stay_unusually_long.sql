-- what: hospital stays far longer than stays of their group, but of its usual length with another month in one of the dates
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.8, §7.1
with
setting as (
    select
        max(number) filter (where parameter = 'least_stays') as least_stays,
        max(number) filter (where parameter = 'times') as times,
    from check_parameter
    where check_id = 'stay_unusually_long'
),

stay as (
    select
        episode_nr,
        drg,
        end_date - start_date as days,
        least(
            abs(end_date - (start_date + interval 1 month)::date),
            abs((end_date - interval 1 month)::date - start_date)
        ) as days_with_other_month,
        (start_date + interval 1 month)::date <= end_date as is_over_a_month,
    from finding_episode
    where is_department_stay and sector = 'SOM' and reason = 'included'
),

usual as (
    select
        drg,
        count(*) as stays,
        quantile_disc(days, 0.9) as most_days,
    from stay
    group by drg
)

select
    stay.episode_nr,
    stay.days || ' døgn' as value,
from stay
inner join usual on usual.drg = stay.drg
cross join setting
where usual.stays >= setting.least_stays
    and stay.is_over_a_month
    and stay.days > setting.times * usual.most_days
    and stay.days_with_other_month <= usual.most_days
