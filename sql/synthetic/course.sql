-- what: the chunk's courses: one patient's series of stays in one item at one provider. Who and where
-- grain: one row per cell_nr, first_stay
-- key: cell_nr, first_stay
-- source: docs/synthetic-data.md
-- A person is a number; age, sex and municipality follow from it, so that a person is the same everywhere.
with cells as (
    select
        *,
        (n + length - 1) // length as courses,
        (n_excluded + length - 1) // length as excluded_courses
    from cell where chunk = $chunk
),

numbered as (
    select
        c.*,
        unnest(range(courses + excluded_courses)) as nr
    from cells as c
),

keyed as (
    select
        n.*,
        nr >= courses as excluded,
        key_of($seed, (cell_nr << 24) + nr) as ck,
        if(nr < courses, nr * length, n.n + (nr - courses) * length) as i0,
        if(nr < courses, least(length, n.n - nr * length), least(length, n_excluded - (nr - courses) * length)) as stays
    from numbered as n
),

person as (
    select
        k.*,
        i.sektor,
        i.setting,
        i.urgent,
        i.short,
        i.drg,
        i.pick,
        if(i.place_kind = 'main' and u(ck, 'main') >= $level_share_main_hospital, 'usual', i.place_kind) as place_kind,
        f.home_idx,
        a.band,
        case i.sex when 'M' then 1 when 'F' then 2 else 1 + pick(ck, 'sex', 2) end as sex
    from keyed as k
    inner join item as i using (item_nr)
    inner join flow_slot as f on f.sector = k.sector and f.hf = k.hf and f.slot = pick(ck, 'home', $flow_slots)
    inner join age_slot as a on a.ages = i.ages and a.slot = pick(ck, 'age', $age_slots)
),

placed as (
    select
        p.*,
        b.age_from,
        b.age_to,
        if(
            p.pick = 'once',
            $once + base + i0,
            b.first_person + floor(b.n * $patient_share * pow(u(ck, 'person'), $patient_skew))::bigint
        )
            as person
    from person as p
    inner join bucket as b using (home_idx, band, sex)
),

known as (
    select
        *,
        key_of($seed_of_people, person) as pk
    from placed
)

select
    k.cell_nr,
    k.sector,
    k.hf,
    k.item_nr,
    k.base + k.i0 as first_stay,
    k.stays,
    k.length,
    k.per_week,
    k.weekday_step,
    k.weekday_width,
    k.interval_days,
    k.periods,
    k.season,
    k.excluded,
    k.ck,
    k.sektor,
    k.setting,
    k.urgent,
    k.short,
    k.drg,
    k.home_idx,
    k.sex,
    k.person,
    $year - k.age_from - pick(pk, 'age', k.age_to - k.age_from + 1) as birth_year,
    m.komnr,
    m.bydel,
    s.inst_nr,
    x.reason,
    x.field,
    x."values" as excluded_values
from known as k
inner join municipality_slot as m on m.home_idx = k.home_idx and m.slot = pick(pk, 'municipality', $place_slots)
inner join
    institution_slot as s
    on s.hf = k.hf and s.place_kind = k.place_kind and s.slot = pick(ck, 'institution', $institution_slots)
left join exclusion_slot
    as x on x.sector = k.sector and x.setting = k.setting
and x.slot = if(k.excluded, pick(ck, 'exclusion', 1000), -1)
