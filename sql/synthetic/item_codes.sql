-- what: the codes an item's episodes may carry, from the most specific key of the data that fits
-- grain: one row per item_nr
-- key: item_nr
-- source: docs/synthetic-data.md
with split as (
    select
        sector,
        role,
        key,
        string_split(codes, ' ') as codes
    from syn.conditions
),

procedures as (
    select
        sector,
        kind,
        key,
        string_split(codes, ' ') as codes
    from syn.procedures
)

select
    i.item_nr,
    coalesce(drg_main.codes, class_main.codes, hdg_main.codes) as main_codes,
    coalesce(class_sec.codes, hdg_sec.codes, setting_sec.codes, phv_sec.codes, []) as secondary_codes,
    coalesce(required.codes, []) as required_codes,
    case when i.setting in ('A', 'D') and d.drg_type = 'K' then coalesce(surgery.codes, []) else [] end
        as surgery_codes,
    coalesce(setting_opt.codes, phv_opt.codes, []) as optional_codes
from item as i
left join ref.drg as d on d.sector = i.sector and d.drg = i.drg
left join split as drg_main on drg_main.role = 'main' and drg_main.sector = i.sector and drg_main.key = i.drg
left join split as class_main
    on
        class_main.role = 'main' and class_main.sector = i.sector and class_main.key = i.sektor
        and i.sector <> 'SOM'
left join split as hdg_main on hdg_main.role = 'main' and hdg_main.sector = i.sector and hdg_main.key = i.hdg::varchar
left join split as class_sec
    on
        class_sec.role = 'secondary' and class_sec.sector = i.sector
        and class_sec.key = case when i.ages in ('child', 'boy') then 'child' when i.setting = 'K' then 'K' || i.hdg end
left join split as hdg_sec on hdg_sec.role = 'secondary' and hdg_sec.sector = i.sector and hdg_sec.key = i.hdg::varchar
left join split as setting_sec
    on
        setting_sec.role = 'secondary' and setting_sec.sector = i.sector
        and setting_sec.key = case when i.setting = 'S' then 'K' else i.setting end
left join split as phv_sec on phv_sec.role = 'secondary' and phv_sec.sector = i.sector and phv_sec.key = i.sektor
left join procedures as required on required.kind = 'required' and required.sector = i.sector and required.key = i.drg
left join
    procedures as surgery
    on surgery.kind = 'surgery' and surgery.sector = i.sector and surgery.key = 'hdg' || i.hdg
left join procedures as setting_opt
    on
        setting_opt.kind = 'optional' and setting_opt.sector = i.sector
        and setting_opt.key = 'setting' || i.setting
left join procedures as phv_opt
    on
        phv_opt.kind = 'optional' and phv_opt.sector = i.sector and phv_opt.key = i.sektor
        and i.setting <> 'S'
order by i.item_nr
