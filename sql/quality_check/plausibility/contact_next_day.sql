-- what: contacts that repeat another of the days before to the minute, in groups where treatment day after day is rare
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.5, §3.8
with
placed as (
    select
        episode_nr,
        sector,
        drg,
        start_s,
        end_s,
        lag(episode_nr) over same_treatment as earlier_nr,
        lag(start_s) over same_treatment as earlier_start_s,
        lag(end_s) over same_treatment as earlier_end_s,
    from episode
    where not is_department_stay and start_time_known and end_time_known and reason = 'included'
    window same_treatment as (
        partition by patient_id, unit_id, sector, drg, main_condition order by start_s, episode_id
    )
),

judged as (
    select
        *,
        start_date_s - earlier_date_s between 86400 and 86400 * (
            select number from check_parameter where check_id = 'contact_next_day' and parameter = 'days'
        ) as is_soon,
        start_s - earlier_start_s = end_s - earlier_end_s
        and start_s > earlier_start_s
        and (start_s - earlier_start_s) % 86400 = 0
        and start_s - earlier_start_s <= 86400 * (
            select number from check_parameter where check_id = 'contact_next_day' and parameter = 'days'
        ) as is_repeated,
    from (select *, start_s // 86400 * 86400 as start_date_s, earlier_start_s // 86400 * 86400 as earlier_date_s from placed)
),

-- Treatment day after day, or every second or third, is a series.
series as (
    select
        sector,
        drg,
    from judged
    group by sector, drg
    having count(*) filter (where is_soon) * (
        select number from check_parameter where check_id = 'contact_next_day' and parameter = 'one_in'
    ) > count(*)
)

select
    episode_nr,
    earlier_nr as partner_nr,
    drg as value,
from judged
where is_repeated and (sector, drg) not in (select sector, drg from series)
