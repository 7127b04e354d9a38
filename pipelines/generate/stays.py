"""Stays: the year's courses of treatment and the stays they are made of, for one chunk of the plan.

A course is one patient's series of stays in one item at one provider. `course` holds who and where, `stay` when: only
stays that have begun by the end of the period. Every stay keeps its number and its key in all deliveries of the year.
"""

import duckdb

from pipelines.generate.calendar import DAY_SLOTS, HOUR_SLOTS
from pipelines.generate.people import AGE_SLOTS
from pipelines.generate.people import SLOTS as PLACE_SLOTS
from pipelines.generate.plan import SLOTS as FLOW_SLOTS

NEXT_YEAR = 1 << 33  # stays that end after the year: their number is the stay's own plus this
ONCE = 10_000_000_000  # people who have one course only: number of the course plus this

_COURSE = """
create or replace temp table course as
with cells as (
    select *, (n + length - 1) // length as courses, (n_excluded + length - 1) // length as excluded_courses
    from cell where chunk = $chunk
),
numbered as (
    select c.*, unnest(range(courses + excluded_courses)) as nr from cells as c
),
keyed as (
    select n.*, nr >= courses as excluded, key_of({seed}, (cell_nr << 24) + nr) as ck,
        if(nr < courses, nr * length, n.n + (nr - courses) * length) as i0,
        if(nr < courses, least(length, n.n - nr * length), least(length, n_excluded - (nr - courses) * length)) as stays
    from numbered as n
),
person as (
    select k.*, i.sektor, i.setting, i.urgent, i.short, i.drg, i.pick, i.level,
        f.home_idx, a.band, case i.sex when 'M' then 1 when 'F' then 2 else 1 + pick(ck, 'sex', 2) end as sex
    from keyed as k
    inner join item as i using (item_nr)
    inner join flow_slot as f on f.sector = k.sector and f.hf = k.hf and f.slot = pick(ck, 'home', {flow_slots})
    inner join age_slot as a on a.ages = i.ages and a.slot = pick(ck, 'age', {age_slots})
),
placed as (
    select p.*, b.age_from, b.age_to,
        if(p.pick = 'once', {once} + base + i0, b.first_person + floor(b.n * {patient_share} * pow(u(ck, 'person'), {patient_skew}))::bigint)
            as person
    from person as p
    inner join bucket as b using (home_idx, band, sex)
),
known as (
    select *, key_of({seed} + 1, person) as pk from placed
)
select k.cell_nr, k.sector, k.hf, k.item_nr, k.base + k.i0 as first_stay, k.stays, k.length, k.per_week, k.weekday_step,
    k.weekday_width, k.interval_days, k.periods, k.season, k.excluded, k.ck, k.sektor, k.setting, k.urgent, k.short, k.drg,
    k.home_idx, k.sex, k.person, {year} - k.age_from - pick(pk, 'age', k.age_to - k.age_from + 1) as birth_year,
    m.komnr, m.bydel, s.inst_nr, x.reason, x.field, x."values" as excluded_values
from known as k
inner join municipality_slot as m on m.home_idx = k.home_idx and m.slot = pick(pk, 'municipality', {place_slots})
inner join institution_slot as s on s.sector = k.sector and s.hf = k.hf and s.slot = pick(ck, 'institution', 200)
    and s.main = (k.sector = 'SOM' and k.level >= 3 and u(ck, 'main') < {level_share_main_hospital})
left join exclusion_slot as x on x.sector = k.sector and x.setting = k.setting
    and x.slot = if(k.excluded, pick(ck, 'exclusion', 1000), -1)
"""

# Day of the year on which a stay begins (0 = 1 January), and its length in days.
_STAY = """
create or replace temp table stay as
with one as (
    select c.*, unnest(range(stays)) as seq from course as c where setting <> 'H'
),
keyed as (
    select o.*, first_stay + seq as stay_nr, hash(xor(ck, hash(seq + 1))) as sk from one as o
),
dated as (
    select k.*,
        u(sk, 'urgent') < k.urgent as acute,
        case
            when k.periods > 0 then p.first_day + 2 + pick(sk, 'day', p.days - 3)
            when per_week > 0 then {first_monday} + 7 * ((pick(ck, 'week', 52) + seq // per_week) % 52)
                + weekday_step * (seq % per_week) + pick(ck, 'weekday', weekday_width)
            when k.length > 1 then (d.day + seq * interval_days + pick(sk, 'jitter', greatest(1, interval_days // 5))) % {days}
            else d.day
        end as day0,
        i.trim_point
    from keyed as k
    inner join item as i using (item_nr)
    left join day_slot as d on d.slot = pick(k.ck, 'day', {day_slots})
        and d.season = if(k.setting = 'E' or (k.setting = 'A' and u(k.sk, 'urgent') < k.urgent), 0, k.season)
    left join period_slot as p on p.periods = k.periods and p.period = (pick(k.ck, 'period', greatest(k.periods, 1)) + k.seq)
        % greatest(k.periods, 1)
),
weekday as (
    select *, if(day0 >= {days}, day0 - 364, day0) as day1,
        setting in ('K', 'D', 'S') and not acute as office,
        ({first_weekday} - 1 + if(day0 >= {days}, day0 - 364, day0)) % 7 as dow  -- Monday = 0
    from dated
),
timed as (
    select w.*,
        case when not office or dow < 5 then day1
            when dow = 5 then if(day1 = 0, day1 + 2, day1 - 1)
            else if(periods > 0 or day1 + 1 >= {days}, day1 - 2, day1 + 1) end as day,
        case
            when setting <> 'A' then 0
            when u(sk, 'same day') < {same_day_stay} then 0
            when sector = 'SOM' then greatest(1, least(360, floor(trim_point * {los_median_of_trim}
                * exp({los_spread} * normal(sk, 'los')) + u(sk, 'los c'))))
            else greatest(1, least(360, floor(9 * exp(1.0 * normal(sk, 'los')) + u(sk, 'los c'))))
        end::integer as los,
        h.hour * 60 + pick(sk, 'minute', 12) * 5 as minute0,
        case setting
            when 'E' then if(u(sk, 'short') < short, 60 + pick(sk, 'duration', 48) * 5 - 5 * (pick(sk, 'd2', 2)),
                300 + pick(sk, 'duration', 120) * 5)
            when 'D' then 180 + pick(sk, 'duration', 60) * 5
            when 'A' then 180 + pick(sk, 'duration', 100) * 5
            else if(sector = 'SOM', 15 + pick(sk, 'duration', 13) * 5, 45 + pick(sk, 'duration', 10) * 5)
        end as minutes
    from weekday as w
    left join hour_slot as h on h.slot = pick(w.sk, 'hour', {hour_slots})
        and h.hours = case when acute or setting = 'E' then 'acute' when setting = 'D' then 'surgery' else 'day' end
),
clocked as (
    select *,
        if(los = 0, least(minute0, 1435 - minutes), minute0) as minute_in,
        if(los = 0, least(minute0, 1435 - minutes) + minutes, 540 + pick(sk, 'leave', 108) * 5) as minute_out
    from timed
),
stamped as (
    select *,
        date '{year}-01-01' + day::integer + to_minutes(minute_in::bigint) as t_in,
        date '{year}-01-01' + (day + los)::integer + to_minutes(minute_out::bigint) as t_out
    from clocked
),
-- A stay that would end after the year began one year earlier; its twin, not finished when the year ends, is another patient's.
wrapped as (
    select * replace (
        if(day + los >= {days}, t_in - interval 364 day, t_in) as t_in,
        if(day + los >= {days}, t_out - interval 364 day, t_out) as t_out)
    from stamped
    union all
    select * replace (stay_nr + {next_year} as stay_nr, hash(xor(sk, 7::ubigint)) as sk, {once} + stay_nr + {next_year} as person)
    from stamped
    where day + los >= {days} and reason is null
)
select stay_nr, sk, ck, sector, sektor, hf, item_nr, drg, setting, home_idx, sex, person, birth_year, komnr, bydel, inst_nr,
    reason, field, excluded_values, acute, t_in, t_out, seq, null::varchar as main_code, null::integer as kontakttype,
    false as companion
from wrapped
where t_in < timestamp '{until}'
"""


def exclusion_slots(con: duckdb.DuckDBPyConnection) -> None:
    """`exclusion_slot`: for each sector and setting, 1 000 slots shared among the reasons."""
    con.execute("""
        create table exclusion_slot as
        with per_setting as (
            select x.sector, s.setting, x.reason, x.field, x."values", x.share
            from syn.exclusions as x
            inner join (values ('A'), ('D'), ('E'), ('K')) as s(setting) on x.setting in ('*', s.setting)
        ),
        edges as (
            select *, sum(share) over (partition by sector, setting order by reason, field, share rows unbounded preceding)
                / sum(share) over (partition by sector, setting) as upper
            from per_setting
        ),
        bounded as (
            select *, coalesce(lag(upper) over (partition by sector, setting order by upper), 0) as lower from edges
        )
        select sector, setting, reason, field, "values", unnest(range(round(lower * 1000)::bigint, round(upper * 1000)::bigint)) as slot
        from bounded""")


def create_stays(con: duckdb.DuckDBPyConnection, chunk: int, numbers: dict) -> None:
    """Create the temporary tables `course` and `stay` of a chunk."""
    values = {
        **numbers,
        "flow_slots": FLOW_SLOTS,
        "age_slots": AGE_SLOTS,
        "place_slots": PLACE_SLOTS,
        "day_slots": DAY_SLOTS,
        "hour_slots": HOUR_SLOTS,
        "once": ONCE,
        "next_year": NEXT_YEAR,
    }
    con.execute(_COURSE.format(**values).replace("$chunk", str(chunk)))
    con.execute(_STAY.format(**values))
