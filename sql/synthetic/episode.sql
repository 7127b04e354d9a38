-- what: the episodes (department stays and contacts) that the chunk's stays are reported as
-- grain: one row per ep_nr
-- key: ep_nr
-- source: docs/synthetic-data.md
-- A stay keeps its DRG by its main episode: the other parts are in lighter DRGs, or in the same. Parts 0-3
-- are department stays or contacts, 4 a contact that joins a hospital stay, 5 one at care level 8.
with counted as (
    select
        s.*,
        i.cost_weight,
        i.alone,
        i.at_least,
        i.course as course_kind,
        case
            when s.setting = 'A' and s.t_out::date > s.t_in::date
                then
                    1 + (u(sk, 'departments') < $two_departments + $three_departments)::integer
                    + (u(sk, 'departments') < $three_departments)::integer
            else 1
        end as departments
    from stay as s
    inner join item as i using (item_nr)
),

parted as (
    select
        *,
        unnest(list_concat(
            range(departments),
            if(
                setting = 'A' and sector = 'SOM' and departments < 4 and t_out::date > t_in::date
                and u(sk, 'joined') < $joined_contact, [4::bigint], []::bigint[]
            ),
            if(
                setting = 'A'
                and sector = 'SOM'
                and t_out::date > t_in::date
                and u(sk, 'care 8') < $inpatient_radiotherapy,
                [5::bigint], []::bigint[]
            ),
            if(
                setting = 'K'
                and kontakttype is null
                and not companion
                and u(sk, 'second') < $second_contact * if(alone, 0.15, 1),
                [1::bigint], []::bigint[]
            )
        )) as part
    from counted
),

purposed as (
    select
        *,
        hash(xor(sk, (101 + part)::ubigint)) as ek,
        case
            when part = 4 then 'joined' when part = 5 then 'care8'
            when setting = 'A' and departments > 1 and part <> pick(sk, 'main part', departments) then 'transit'
            when setting = 'K' and part = 1 and sector = 'SOM' and not alone and u(sk, 'lighter') < 0.4 then 'second'
        end as use
    from parted
),

chosen as (
    select
        p.*,
        one_of(ek, 'light', l.items) as light_item
    from purposed as p
    left join light as l on l.sector = p.sector and l.use = p.use
),

itemed as (
    select
        c.* exclude (item_nr, drg, setting, kontakttype),
        c.item_nr as stay_item,
        c.setting as stay_setting,
        c.kontakttype as stay_kontakttype,
        coalesce(lighter, false) as is_light,
        c.light_item is null or lighter or c.part < 4 as keep,
        if(lighter, l.item_nr, c.item_nr) as item_nr,
        if(lighter, l.drg, c.drg) as drg,
        if(lighter, l.setting, c.setting) as setting,
        if(lighter, l.hdg, m.hdg) as hdg,
        if(c.lighter, l.unit_group, m.unit_group) as unit_group,
        m.place as usual_place,
        m.indirect,
        m.kontakttype as usual_kontakttype,
        m.pick as person_pick
    from (
        select
            c.*,
            l.cost_weight < c.cost_weight as lighter
        from chosen as c left join item as l on l.item_nr = c.light_item
    ) as c
    inner join item as m on m.item_nr = c.item_nr
    left join item as l on l.item_nr = c.light_item
),

timed as (
    select
        *,
        date_diff('minute', t_in, t_out) as whole,
        case
            when stay_setting = 'A' and part < 4 and departments > 1 then 'cut' when part in (4, 5) then 'within'
            when part = 1 then 'after' else 'all'
        end as timing
    from itemed where keep
),

clocked as (
    select
        *,
        case timing
            when
                'cut'
                then t_in + to_minutes(if(part = 0, 0, (whole * part // departments) // 5 * 5 + 5 * pick(ek, 'gap', 6)))
            when 'within' then t_in + to_minutes((greatest(1, whole * (20 + pick(ek, 'within', 60)) // 100)) // 5 * 5)
            when
                'after'
                then least(t_out + to_minutes(30 + pick(ek, 'wait', 24) * 5), t_in::date + interval 1430 minute)
            else t_in
        end as e_in,
        case timing
            when
                'cut'
                then if(part = departments - 1, t_out, t_in + to_minutes((whole * (part + 1) // departments) // 5 * 5))
            when 'within'
                then
                    t_in + to_minutes((greatest(1, whole * (20 + pick(ek, 'within', 60)) // 100)) // 5 * 5)
                    + to_minutes(20 + pick(ek, 'duration', 5) * 5)
            when 'after'
                then
                    least(t_out + to_minutes(30 + pick(ek, 'wait', 24) * 5), t_in::date + interval 1430 minute)
                    + to_minutes(pick(ek, 'duration', 2) * 5)
            else t_out
        end as e_out,
        stay_setting = 'A' and part < 4
        or stay_setting = 'E' and (u(sk, 'as contact') >= $acute_as_contact) as department_stay,
        one_of(ck, 'value', string_split(coalesce(excluded_values, ''), ' ')) as excluded_value
    from timed
),

placed as (
    select
        c.*,
        n.institution,
        one_of(if(stay_setting = 'A', ek, ck), 'unit', w.units) as avdeling
    from clocked as c
    inner join institution as n using (inst_nr)
    inner join unit_choice
        as w on w.inst_nr = c.inst_nr and w.hdg = c.hdg
    and w.setting = if(
        c.department_stay or c.setting = 'D', if(c.setting = 'E', 'E', if(c.setting = 'D', 'D', 'A')),
        if(c.setting = 'E', 'E', 'K')
    )
    and w.grp = case when c.field = 'unit' then 'outside' when c.part >= 4 then '' else c.unit_group end
),

extra as (
    select
        x.*,
        l.codes as agreement
    from placed as x, (
        select list(code order by code) as codes from ref.debitor where isf_counts and code <> 1
    ) as l
)

select
    stay_nr * 8 + part as ep_nr,
    ek,
    ck,
    sector,
    item_nr,
    stay_item,
    is_light,
    stay_setting,
    setting as item_setting,
    part,
    reason,
    field,
    excluded_value,
    person,
    main_code,
    usual_place,
    t_out::date - t_in::date as stay_days,
    e_out >= $tertial_start and e_out < $until as in_tertial,
    format('E{:012X}', stay_nr * 8 + part) as "episodeID",
    'P' || substr(format('{:016x}', key_of($seed_of_names, person)), 1, 14) as "pasientID",
    sektor,
    institution as "institusjonID",
    hf,
    avdeling,
    if(department_stay, 'A', 'K') as episodetype,
    e_in as "innDatoTid",
    if(e_out >= $until, null, e_out) as "utDatoTid",
    case
        when part = 5 then 8 when department_stay then 1 when
            stay_setting = 'D' or course_kind in ('programme', 'dialysis')
            then 2
        else 3
    end::tinyint as omsorgsniva,
    case when department_stay then
        null else coalesce(
        stay_kontakttype, if(part < 4, usual_kontakttype, null),
        [1, 1, 2, 2, 2, 2, 3, 3, 3, 2][1 + pick(ek, 'kind', 10)]
    ) end::tinyint as "kontaktType",
    if(department_stay, 1, coalesce(usual_place, 1))::tinyint as "stedAktivitet",
    case when indirect is not null and not department_stay then indirect when stay_kontakttype = 5 then 8 end::tinyint
        as "indirekteAktivitet",
    if(acute, [1, 1, 1, 1, 2, 3][1 + pick(sk, 'urgency', 6)], 4)::tinyint as "innmateHast",
    case
        when field = 'inntilstand' then excluded_value::integer when hdg = 15 and person_pick = 'once' then 3 else 1
    end::tinyint
        as inntilstand,
    case
        when
            e_out >= $until then null when stay_setting = 'A' and part = departments - 1 and u(sk, 'died') < $died
        and hdg not in (14, 15) then 2
        else 1
    end::tinyint as "utTilstand",
    case
        when not department_stay then null when part > 0 then 7 else
            [1, 1, 1, 1, 1, 1, 3, 11, 1, 21][1 + pick(sk, 'from', 10)]
    end::tinyint as "fraSted",
    case
        when not department_stay or e_out >= $until then null when part < departments - 1 then 7
        else [1, 1, 1, 1, 1, 1, 1, 1, 11, 3][1 + pick(sk, 'to', 10)]
    end::tinyint as "tilSted",
    case
        when field = 'debitor' then excluded_value::integer
        when hf in (select rhf from provider) or u(ck, 'agreement') < $agreement_debitor
            then one_of(ck, 'agreement code', agreement)
        else 1
    end::smallint as debitor,
    if(field = 'komNrHjem', excluded_value::integer, komnr)::integer as "komNrHjem",
    if(field = 'komNrHjem', null, bydel)::tinyint as bydel,
    sex::tinyint as kjonn,
    birth_year::smallint as fodselsar,
    case
        when stay_setting <> 'A' or part <> departments - 1 or sector <> 'SOM' or e_out >= $until then null
        when acute and $year - birth_year >= 67 and t_out::date - t_in::date >= 3 and u(sk, 'ready') < $discharge_ready
            then
                greatest(
                    e_in::date,
                    e_out::date - 1 - pick(sk, 'ready days', least(9, t_out::date - t_in::date - 1))::integer
                )
        when t_out::date - t_in::date >= $long_stay_days then e_out::date
    end as "utskrKlarDato",
    case when field = 'drg' or e_out >= $until then null else drg end as drg,
    case when e_out >= $until then null else hdg end::tinyint as hdg
from extra
where e_in < $until and e_out >= $year_start  -- a part of a stay that ended last year was in last year's delivery
order by e_in, ep_nr
