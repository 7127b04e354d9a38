-- what: finished episodes that can have an error, with what the kinds of errors ask about
-- grain: one row per ep_nr
-- key: ep_nr
-- source: docs/synthetic-data.md
with other_file as (
    select
        hf,
        min(institution) filter (where type <> 'radio') as institution
    from institution where hf in (select hf from institution where type = 'radio') group by 1
)

select
    e.*,
    i.code,
    i.course,
    f.institution as other_file,
    $until as until,
    1 + (month(e."utDatoTid") - 1) // 4 as tertial
from episode as e
inner join item as i using (item_nr)
left join other_file as f on f.hf = e.hf
where e."utDatoTid" is not null and e.part < 4
