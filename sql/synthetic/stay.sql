-- what: the chunk's stays begun before the end of the period. When
-- grain: one row per stay_nr
-- key: stay_nr
-- source: docs/synthetic-data.md
-- Days are counted from 1 January = 0. A stay that would end after the year is moved 52 weeks back, so that it began
-- the year before; its twin, not finished when the year ends, is another patient's.
with one as (
    select
        c.*,
        unnest(range(stays)) as seq
    from course as c where setting <> 'H'
),

keyed as (
    select
        o.*,
        first_stay + seq as stay_nr,
        hash(xor(ck, hash(seq + 1))) as sk
    from one as o
),

dated as (
    select
        k.*,
        u(sk, 'urgent') < k.urgent as acute,
        case
            when k.periods > 0 then p.first_day + 2 + pick(sk, 'day', p.days - 3)
            when per_week > 0
                then
                    $first_monday + 7 * ((pick(ck, 'week', 52) + seq // per_week) % 52)
                    + weekday_step * (seq % per_week) + pick(ck, 'weekday', weekday_width)
            when
                k.length > 1
                then (d.day + seq * interval_days + pick(sk, 'jitter', greatest(1, interval_days // 5))) % $days
            else d.day
        end as day0,
        i.trim_point
    from keyed as k
    inner join item as i using (item_nr)
    left join day_slot as d
        on
            d.slot = pick(k.ck, 'day', $day_slots)
            and d.season = if(k.setting = 'E' or (k.setting = 'A' and u(k.sk, 'urgent') < k.urgent), 0, k.season)
    left join period_slot
        as p on p.periods = k.periods and p.period = (pick(k.ck, 'period', greatest(k.periods, 1)) + k.seq)
    % greatest(k.periods, 1)
),

weekday as (
    select
        *,
        if(day0 >= $days, day0 - 364, day0) as day1,
        setting in ('K', 'D', 'S') and not acute as office,
        ($first_weekday - 1 + if(day0 >= $days, day0 - 364, day0)) % 7 as dow  -- Monday = 0
    from dated
),

timed as (
    select
        w.*,
        case
            when not office or dow < 5 then day1
            when periods > 0 then day1 + 4 - dow
            else day1 - dow + if(day1 < dow, 7, 0) + pick(sk, 'weekday', 5)
        end as day,
        case
            when setting <> 'A' then 0
            when u(sk, 'same day') < $same_day_stay then 0
            when sector = 'SOM'
                then
                    greatest(
                        1, least(
                            360, floor(
                                trim_point * $los_median_of_trim
                                * if(u(sk, 'long') < $long_tail, $long_tail_factor, 1)
                                * exp($los_spread * normal_draw(sk, 'los'))
                                + u(sk, 'los c')
                            )
                        )
                    )
            else
                greatest(
                    1,
                    least(360, floor($phv_los_median * exp($phv_los_spread * normal_draw(sk, 'los')) + u(sk, 'los c')))
                )
        end::integer as los,
        h.hour * 60 + pick(sk, 'minute', 12) * 5 as minute0,
        case setting
            when 'E'
                then
                    if(
                        u(sk, 'short') < short, 60 + pick(sk, 'duration', 48) * 5 - 5 * (pick(sk, 'd2', 2)),
                        300 + pick(sk, 'duration', 120) * 5
                    )
            when 'D' then 180 + pick(sk, 'duration', 60) * 5
            when 'A' then 180 + pick(sk, 'duration', 100) * 5
            else if(sector = 'SOM', 15 + pick(sk, 'duration', 13) * 5, 45 + pick(sk, 'duration', 10) * 5)
        end as minutes
    from weekday as w
    left join hour_slot
        as h on h.slot = pick(w.sk, 'hour', $hour_slots)
    and h.hours = case when acute or setting = 'E' then 'acute' when setting = 'D' then 'surgery' else 'day' end
),

clocked as (
    select
        *,
        if(los = 0, least(minute0, 1435 - minutes), minute0) as minute_in,
        if(los = 0, least(minute0, 1435 - minutes) + minutes, 540 + pick(sk, 'leave', 108) * 5) as minute_out
    from timed
),

stamped as (
    select
        *,
        $year_start + day::integer + to_minutes(minute_in::bigint) as t_in,
        $year_start + (day + los)::integer + to_minutes(minute_out::bigint) as t_out
    from clocked
),

wrapped as (
    select
        * replace (
            if(day + los >= $days and person >= $once, least(birth_year, $year - 1), birth_year) as birth_year,
            if(day + los >= $days, t_in - interval 52 week, t_in) as t_in,
            if(day + los >= $days, t_out - interval 52 week, t_out) as t_out
        )
    from stamped
    union all
    select
        * replace (
            stay_nr + $next_year as stay_nr, hash(xor(sk, 7::ubigint)) as sk, $once + stay_nr + $next_year as person
        )
    from stamped
    where day + los >= $days and reason is null
)

select
    stay_nr,
    sk,
    ck,
    sector,
    sektor,
    hf,
    item_nr,
    drg,
    setting,
    home_idx,
    sex,
    person,
    birth_year,
    komnr,
    bydel,
    inst_nr,
    reason,
    field,
    excluded_values,
    acute,
    t_in,
    t_out,
    seq,
    null::varchar as main_code,
    null::integer as kontakttype,
    false as companion
from wrapped
where t_in < $until
