-- what: episodes of the tertial that the second delivery has otherwise than the first
-- grain: one row per ep_nr
-- key: ep_nr
-- source: docs/synthetic-data.md
-- 'added' = registered late; 'dropped' = a registration beside the episode that is withdrawn again; 'recoded' = first
-- coded as another item of the same kind. Late registrations lie near the period's end.
with alike as (
    select
        sector,
        sektor,
        setting,
        hdg,
        place_kind,
        list(item_nr order by item_nr) as items
    from item
    where setting in ('A', 'D', 'K') and len(service_codes) = 0 and points > 0
    group by all
),

drawn as (
    select
        e.ep_nr,
        e."episodeID",
        e.hf,
        e.drg,
        e.ek,
        e.item_nr,
        e.item_setting,
        e.part,
        case
            when
                u(e.ek, 'late') < $late_registration * if(e."utDatoTid" >= $until - interval 30 day, 2.5, 0.5)
                then 'added'
            when
                u(e.ek, 'dropped') < $dropped_registration and e."utDatoTid" > $tertial_start + interval 3 day
                then 'dropped'
            when u(e.ek, 'recoded') < $recoded and e.item_setting in ('A', 'D', 'K') and e.part < 4 then 'recoded'
        end as change
    from episode as e
    where e.in_tertial and e.reason is null and e."utDatoTid" is not null
),

former as (
    select
        d.*,
        one_of(d.ek, 'former item', a.items) as former_item
    from drawn as d
    inner join item as i on i.item_nr = d.item_nr
    left join alike as a
        on
            a.sector = i.sector and a.sektor = i.sektor and a.setting = i.setting and a.hdg = i.hdg
            and a.place_kind = i.place_kind
    where d.change is not null and len(i.service_codes) = 0
)

select
    f.ep_nr,
    f.change,
    f.hf,
    f.drg,
    f.former_item,
    i.drg as former_drg,
    i.hdg::tinyint as former_hdg,
    f.ep_nr + (1::bigint << 44) as other_nr,
    if(f.change = 'dropped', format('E{:012X}', f.ep_nr + (1::bigint << 44)), f."episodeID") as row_id
from former as f
left join item as i on i.item_nr = f.former_item
where f.change <> 'recoded' or f.former_item <> f.item_nr
order by f.ep_nr
