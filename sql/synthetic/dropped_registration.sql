-- what: registrations of a first delivery that the second withdraws: an episode once more, on another day
-- grain: one row per ep_nr
-- key: ep_nr
-- source: docs/synthetic-data.md
select
    e.* replace (
        r.other_nr as ep_nr, hash(e.ek) as ek, r.row_id as "episodeID",
        e."innDatoTid" - to_days($dropped_days::integer) as "innDatoTid",
        e."utDatoTid" - to_days($dropped_days::integer) as "utDatoTid"
    )
from episode as e
inner join revision as r on r.ep_nr = e.ep_nr
where r.change = 'dropped'
order by e.ep_nr
