-- what: units that can have an episode, by institution and kind of item
-- grain: one row per inst_nr, hdg, setting, grp
-- key: inst_nr, hdg, setting, grp
-- source: docs/synthetic-data.md
-- Where an institution has no unit of the special kind, its ordinary units; else any that has the setting.
with kinds as (
    select distinct
        sector,
        hdg,
        unnest(list_distinct([unit_group, '', 'outside'])) as grp
    from item
),

wanted as (
    select
        n.inst_nr,
        k.hdg,
        s.setting,
        k.grp
    from institution as n
    inner join kinds as k on if(k.sector = 'SOM', n.share_som, n.share_phv) is not null
    cross join (values ('A'), ('D'), ('E'), ('K')) as s (setting)
),

any_setting as (
    select
        inst_nr,
        setting,
        flatten(list(units order by hdg, grp)) as units
    from unit_list
    where grp <> 'outside'
    group by all
),

anything as (
    select
        inst_nr,
        flatten(list(units order by hdg, setting, grp)) as units
    from unit_list
    where grp <> 'outside'
    group by all
),

outside as (
    select
        inst_nr,
        flatten(list(distinct units order by units)) as units
    from unit_list
    where grp = 'outside'
    group by all
)

select
    w.*,
    case
        when w.grp = 'outside' then o.units
        else coalesce(special.units, usual.units, a.units, x.units)
    end as units
from wanted as w
left join unit_list as special
    on
        special.inst_nr = w.inst_nr and special.hdg = w.hdg and special.setting = w.setting
        and special.grp = w.grp
left join
    unit_list as usual
    on usual.inst_nr = w.inst_nr and usual.hdg = w.hdg and usual.setting = w.setting and usual.grp = ''
-- The long lists are copied to the few rows that have no other.
left join any_setting as a
    on a.inst_nr = if(coalesce(special.units, usual.units) is null, w.inst_nr, null) and a.setting = w.setting
left join anything as x on x.inst_nr = if(coalesce(special.units, usual.units, a.units) is null, w.inst_nr, null)
left join outside as o on o.inst_nr = if(w.grp = 'outside', w.inst_nr, null)
order by 1, 2, 3, 4
