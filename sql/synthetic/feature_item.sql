-- what: rare codes and places that carry a rule, and their share per item at this scale
-- grain: one row per item_nr, feature
-- key: item_nr, feature
-- source: docs/synthetic-data.md
-- At a small scale the share is raised so that every rule is met.
with matched as (
    select
        f.*,
        i.item_nr
    from syn.features as f
    inner join item
        as i on i.sector = f.sector and list_contains(string_split(f.settings, ' '), i.setting)
    and (f.drgs = '*' and i.service_codes = [] or list_contains(string_split(f.drgs, ' '), i.drg))
),

eligible as (
    select
        feature,
        sum(n) as stays
    from matched
    left join (select
        item_nr,
        sum(n) as n
    from cell group by 1) using (item_nr)
    group by 1
)

select
    m.item_nr,
    m.feature,
    m.place,
    string_split(m.code, ' ') as codes,
    m.min_days,
    least(1, greatest(m.share, if(m.share > 0, 3.0 * m.at_least / greatest(e.stays, 1), 0))) as share
from matched as m inner join eligible as e using (feature)
order by all
