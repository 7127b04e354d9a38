-- what: what a stay or service can be: a row per DRG of the mix and per special service
-- grain: one row per item_nr
-- key: item_nr
-- source: docs/synthetic-data.md
-- A service reported by a procedure is a contact too: its own vehicle without DRG (setting S), or a contact in the
-- DRG that the mix names. A service through H-resept (setting H) has no contact.
with procedure_of as (
    select
        stg,
        sector,
        list(distinct 'M:' || procedure order by 'M:' || procedure) as codes
    from ref.stg_procedure group by all
),

mixed as (
    select
        m.sector,
        m.drg as code,
        m.setting,
        m.drg,
        m.volume,
        m.level,
        m.course,
        m.pick,
        m.sektor,
        m.ages,
        m.sex,
        m.urgent,
        m.short,
        m.kontakttype,
        null::integer as place,
        null::integer as indirect,
        coalesce(m.at_least, 0) as at_least,
        d.base_points::double as points,
        null as stg,
        coalesce(d.hdg, h.hdg) as hdg,
        null::double as lines,
        null as link,
        []::varchar[] as service_codes
    from syn.drg_mix as m
    inner join ref.drg as d using (sector, drg)
    left join (select
        sector,
        min(hdg::integer) as hdg
    from syn.stg_mix group by 1) as h on h.sector = m.sector
    union all by name
    select
        m.sector,
        m.stg as code,
        case when m.via = 'hresept' then 'H' when m.vehicle_drg is null then 'S' else 'K' end as setting,
        m.vehicle_drg as drg,
        m.volume,
        1 as level,
        m.course,
        'pool' as pick,
        m.sektor,
        m.ages,
        m.sex,
        0.0 as urgent,
        m.kontakttype,
        m.place::integer as place,
        m.indirect,
        0 as at_least,
        s.base_points::double + coalesce(d.base_points::double, 0) as points,
        m.stg,
        m.hdg::integer as hdg,
        m.lines,
        m.link_drg as link,
        coalesce(p.codes, []) as service_codes
    from syn.stg_mix as m
    inner join ref.stg as s using (sector, stg)
    left join ref.drg as d on d.sector = m.sector and d.drg = m.vehicle_drg
    left join procedure_of as p on p.stg = m.stg and p.sector = m.sector
    where m.via = 'hresept' or p.codes is not null
)

select
    row_number() over (order by b.sector, b.setting, b.hdg, b.code)::integer as item_nr,
    b.*,
    case
        when b.course = 'radiotherapy' then 'radiotherapy'
        when b.sector <> 'SOM' then lower(b.sektor)
        when b.level >= 3 then 'main'
        when b.hdg = 23 and (b.course = 'training' or b.setting = 'A' and b.urgent < 0.1) then 'rehabilitation'
        when b.urgent >= 0.5 or b.hdg in (14, 15) then 'acute'
        else 'usual'
    end as place_kind,
    case
        when b.course in ('dialysis', 'radiotherapy', 'chemotherapy', 'training', 'programme') then b.course
        when b.course = 'shortprogramme' then 'programme'
        when b.sector = 'SOM' and b.ages in ('child', 'boy', 'infant') then 'children'
        when b.ages = 'aged' then 'aged'
        else ''
    end as unit_group,
    d.cost_weight::double as cost_weight,
    coalesce(d.trim_point, 0) as trim_point,
    exists(
        select 1 from ref.drg_exception as x where x.kind = 'aggregation' and x.sector = b.sector and x.drg = b.drg
    ) as alone
from mixed as b
left join ref.drg as d on d.sector = b.sector and d.drg = b.drg
order by item_nr
