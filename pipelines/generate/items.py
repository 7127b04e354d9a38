"""Items: what a stay or service can be, one row per DRG and per special service, with all that its mix says of it.

Creates `item`. A service reported by a procedure is a contact too: its own vehicle without DRG, or a contact in the
DRG that the mix names. A service through H-resept has no contact.
"""

import duckdb

_ITEM = """
create table item as
with procedure_of as (
    select stg, sector, list(distinct 'M:' || procedure order by 'M:' || procedure) as codes
    from ref.stg_procedure group by all
),
mixed as (
    select
        m.sector, m.drg as code, m.setting, m.drg, m.volume, m.level, m.course, m.pick, m.sektor, m.ages, m.sex, m.urgent,
        m.short, m.kontakttype, null::integer as place, null::integer as indirect, coalesce(m.at_least, 0) as at_least,
        d.base_points::double as points, null as stg,
        coalesce(d.hdg, h.hdg) as hdg, null::double as lines, null as link, []::varchar[] as service_codes
    from syn.drg_mix as m
    inner join ref.drg as d using (sector, drg)
    left join (select sector, min(hdg::integer) as hdg from syn.stg_mix group by 1) as h on h.sector = m.sector
    union all by name
    select
        m.sector, m.stg as code, case when m.via = 'hresept' then 'H' when m.vehicle_drg is null then 'S' else 'K' end as setting,
        m.vehicle_drg as drg, m.volume, 1 as level, m.course, 'pool' as pick, m.sektor, m.ages, m.sex, 0.0 as urgent,
        m.kontakttype, m.place, m.indirect, 0 as at_least,
        s.base_points::double + coalesce(d.base_points::double, 0) as points, m.stg, m.hdg::integer as hdg,
        m.lines, m.link_drg as link, coalesce(p.codes, []) as service_codes
    from syn.stg_mix as m
    inner join ref.stg as s using (sector, stg)
    left join ref.drg as d on d.sector = m.sector and d.drg = m.vehicle_drg
    left join procedure_of as p on p.stg = m.stg and p.sector = m.sector
    where m.via = 'hresept' or p.codes is not null
)
select
    row_number() over (order by b.sector, b.setting, b.hdg, b.code)::integer as item_nr,
    b.*, d.cost_weight::double as cost_weight, coalesce(d.trim_point, 0) as trim_point,
    exists (
        select 1 from ref.drg_exception as x where x.kind = 'aggregation' and x.sector = b.sector and x.drg = b.drg
    ) as alone
from mixed as b
left join ref.drg as d on d.sector = b.sector and d.drg = b.drg
order by item_nr
"""

# Lists of codes per item: the most specific key of the data that fits.
_CODES = """
create table item_codes as
with split as (
    select sector, role, key, string_split(codes, ' ') as codes from syn.conditions
),
procedures as (
    select sector, kind, key, string_split(codes, ' ') as codes from syn.procedures
)
select
    i.item_nr,
    coalesce(drg_main.codes, class_main.codes, hdg_main.codes) as main_codes,
    coalesce(class_sec.codes, hdg_sec.codes, setting_sec.codes, phv_sec.codes, []) as secondary_codes,
    coalesce(required.codes, []) as required_codes,
    case when i.setting in ('A', 'D') and d.drg_type = 'K' then coalesce(surgery.codes, []) else [] end as surgery_codes,
    coalesce(setting_opt.codes, phv_opt.codes, []) as optional_codes
from item as i
left join ref.drg as d on d.sector = i.sector and d.drg = i.drg
left join split as drg_main on drg_main.role = 'main' and drg_main.sector = i.sector and drg_main.key = i.drg
left join split as class_main on class_main.role = 'main' and class_main.sector = i.sector and class_main.key = i.sektor
    and i.sector <> 'SOM'
left join split as hdg_main on hdg_main.role = 'main' and hdg_main.sector = i.sector and hdg_main.key = i.hdg::varchar
left join split as class_sec on class_sec.role = 'secondary' and class_sec.sector = i.sector
    and class_sec.key = case when i.ages in ('child', 'boy') then 'child' when i.setting = 'K' then 'K' || i.hdg end
left join split as hdg_sec on hdg_sec.role = 'secondary' and hdg_sec.sector = i.sector and hdg_sec.key = i.hdg::varchar
left join split as setting_sec on setting_sec.role = 'secondary' and setting_sec.sector = i.sector
    and setting_sec.key = case when i.setting = 'S' then 'K' else i.setting end
left join split as phv_sec on phv_sec.role = 'secondary' and phv_sec.sector = i.sector and phv_sec.key = i.sektor
left join procedures as required on required.kind = 'required' and required.sector = i.sector and required.key = i.drg
left join procedures as surgery on surgery.kind = 'surgery' and surgery.sector = i.sector and surgery.key = 'hdg' || i.hdg
left join procedures as setting_opt on setting_opt.kind = 'optional' and setting_opt.sector = i.sector
    and setting_opt.key = 'setting' || i.setting
left join procedures as phv_opt on phv_opt.kind = 'optional' and phv_opt.sector = i.sector and phv_opt.key = i.sektor
    and i.setting <> 'S'
order by i.item_nr
"""

_PERSONNEL = """
create table item_personnel as
with keyed as (
    select i.item_nr, p.category, p.weight, p.drg = '*' as general
    from item as i
    inner join syn.personnel as p
        on p.sektor = i.sektor and p.setting = i.setting and p.drg in ('*', i.drg)
    where p.weight > 0
),
chosen as (
    select * from keyed qualify general = min(general) over (partition by item_nr)
),
spread as (
    select item_nr, category, greatest(1, round(100 * weight / sum(weight) over (partition by item_nr)))::integer as times
    from chosen
)
select item_nr, flatten(list(list_transform(range(times), lambda x: category) order by category)) as categories
from spread group by item_nr order by item_nr
"""

# Companions: extra stays of the same patient that follow from a stay (a pathway's controls, weekend leave, transfer).
_COMPANION = """
create table companion as
select
    row_number() over (order by c.parent, c.child, c.from_day, p.item_nr)::integer as nr,
    p.item_nr as parent_item, coalesce(k.item_nr, p.item_nr) as child_item, c.mean, c.from_day, c.to_day,
    c.main_condition, c.kind, coalesce(k.points, p.points) as points
from syn.companions as c
inner join item as p on p.sector = c.sector and (p.code = c.parent or (c.parent = '*A' and p.setting = 'A'))
left join item as k on k.sector = c.sector and k.code = c.child
where c.child = '=' or k.item_nr is not null
order by nr
"""


def create_items(con: duckdb.DuckDBPyConnection) -> None:
    """Create `item`, `item_codes`, `item_personnel` and `companion`."""
    for statement in (_ITEM, _CODES, _PERSONNEL, _COMPANION):
        con.execute(statement)
