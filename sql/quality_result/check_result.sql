-- what: each row check in the country: rows, hospitals, new, still there, back again and fixed, answers, kroner
-- grain: one row per check that has rows, or had them in the last delivery
-- key: check_id
-- as: view
-- source: regulation §3.8
with
fixed as (
    select
        check_id,
        count(*) as fixed_rows,
    from fixed_row
    group by check_id
),

counted as (
    select
        row.check_id,
        count(*) filter (where row.is_counted) as failing,
        count(distinct row.hf_orgnr) filter (where row.is_counted) as hospitals,
        count(*) filter (where row.is_counted and row.hf_orgnr = '') as without_hospital,
        count(*) filter (where row.is_counted and row.history = 'new') as new_rows,
        count(*) filter (where row.is_counted and row.history = 'still') as still_rows,
        count(*) filter (where row.is_counted and row.history = 'reappeared') as reappeared_rows,
        count(*) filter (where row.answer = 'confirmed') as confirmed,
        count(*) filter (where row.answer = 'corrected') as corrected,
        count(*) filter (where row.is_still_there) as still_there,
        count(*) filter (where row.answer = 'cannot') as cannot,
        coalesce(sum(row.nok_at_stake) filter (where row.is_counted and row.nok_at_stake > 0), 0) as nok_lost,
        coalesce(-sum(row.nok_at_stake) filter (where row.is_counted and row.nok_at_stake < 0), 0) as nok_over,
    from counted_row as row
    group by row.check_id
)

-- A check all of whose rows are fixed stays on the list.
select
    coalesce(counted.check_id, fixed.check_id) as check_id,
    coalesce(counted.failing, 0) as failing,
    coalesce(counted.hospitals, 0) as hospitals,
    coalesce(counted.without_hospital, 0) as without_hospital,
    if(known_history.check_id is null, null, coalesce(counted.new_rows, 0)) as new_rows,
    if(known_history.check_id is null, null, coalesce(counted.still_rows, 0)) as still_rows,
    if(known_history.check_id is null, null, coalesce(counted.reappeared_rows, 0)) as reappeared_rows,
    if(known_history.check_id is null, null, coalesce(fixed.fixed_rows, 0)) as fixed_rows,
    coalesce(counted.confirmed, 0) as confirmed,
    coalesce(counted.corrected, 0) as corrected,
    coalesce(counted.still_there, 0) as still_there,
    coalesce(counted.cannot, 0) as cannot,
    coalesce(counted.nok_lost, 0) as nok_lost,
    coalesce(counted.nok_over, 0) as nok_over,
from counted
full join fixed on fixed.check_id = counted.check_id
left join known_history on known_history.check_id = coalesce(counted.check_id, fixed.check_id)
