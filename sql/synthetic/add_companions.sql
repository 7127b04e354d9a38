-- what: the companions of the chunk's stays, as further stays
-- grain: one row per stay_nr
-- key: stay_nr
-- source: docs/synthetic-data.md
with chosen as (
    select
        s.*,
        c.nr,
        c.child_item,
        c.from_day,
        c.to_day,
        c.main_condition,
        c.kind,
        hash(xor(s.sk, hash(c.nr * 7919))) as k
    from stay as s
    inner join companion as c on c.parent_item = s.item_nr
    where
        s.reason is null and not s.companion and s.stay_nr < $next_year
        and u(hash(xor(s.sk, hash(c.nr * 7919))), 'companion') < c.mean
),

child as (
    select
        c.* exclude (drg, setting),
        i.drg,
        i.setting,
        i.kontakttype as usual_kontakttype,
        h.hf as home_hf,
        p.inst_nr as home_inst
    from chosen as c
    inner join item as i on i.item_nr = c.child_item
    inner join home as h using (home_idx)
    left join
        institution_slot as p
        on p.hf = h.hf and p.place_kind = 'acute' and p.slot = pick(c.k, 'home hospital', $institution_slots)
),

visits as (
    select
        *,
        if(from_day < 0, t_in::date, t_out::date) + (from_day + pick(k, 'days', to_day - from_day + 1))::integer as day
    from child where kind in ('visit', 'indirect')
),

office as (
    select
        *,
        if(isodow(day) > 5 and (from_day <> 0 or to_day <> 0), day + if(isodow(day) = 6, -1, 1)::integer, day) as on_day
    from visits
),

moved as (
    select
        *,
        on_day + to_minutes(if(from_day = 0 and to_day = 0, 885, 480 + pick(k, 'hour', 80) * 5)) as t_new_in,
        15 + pick(k, 'duration', 9) * 5 as duration
    from office
    where on_day between $year_start and $year_end
    union all by name
    select
        *,
        t_out::date + if(isodow(t_out) = 5, 2, 1)::integer + pick(k, 'back', 2)::integer
        + to_minutes(600 + pick(k, 'hour', 120) * 5) as t_new_in,
        1440 * (1 + pick(k, 'stay', 5)) + pick(k, 'duration', 60) * 5 as duration
    from child
    where kind = 'weekend' and isodow(t_out) in (5, 6) and t_out::date > t_in::date
    union all by name
    select
        *,
        t_in - to_minutes(45 + pick(k, 'drive', 40) * 5) - to_minutes(120 + pick(k, 'duration', 200) * 5) as t_new_in,
        120 + pick(k, 'duration', 200) * 5 as duration
    from child
    where kind = 'transfer' and home_hf <> hf and home_inst is not null and acute
)

select
    stay_nr + $companion_step * nr as stay_nr,
    k as sk,
    ck,
    sector,
    sektor,
    if(kind = 'transfer', home_hf, hf) as hf,
    child_item as item_nr,
    drg,
    setting,
    home_idx,
    sex,
    person,
    birth_year,
    komnr,
    bydel,
    if(kind = 'transfer', home_inst, inst_nr) as inst_nr,
    null as reason,
    null as field,
    null as excluded_values,
    kind = 'transfer' as acute,
    t_new_in as t_in,
    t_new_in + to_minutes(duration) as t_out,
    0 as seq,
    main_condition as main_code,
    if(kind = 'indirect', 5, null) as kontakttype,
    true as companion
from moved
where t_new_in < $until and year(t_new_in + to_minutes(duration)) = $year
order by stay_nr
