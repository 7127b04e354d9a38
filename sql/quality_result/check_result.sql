-- what: each row check in the country: rows, hospitals, new and gone, answers, kroner
-- grain: one row per check that has rows
-- key: check_id
-- as: view
-- source: regulation §3.8
with
gone as (
    select
        check_id,
        count(*) as gone_rows,
    from earlier_row
    anti join check_row using (check_id, row_type, row_key)
    group by check_id
)

select
    row.check_id,
    count(*) filter (where row.is_counted) as failing,
    count(distinct row.hf_orgnr) filter (where row.is_counted) as hospitals,
    count(*) filter (where row.is_counted and row.hf_orgnr = '') as without_hospital,
    count(*) filter (where row.is_counted and row.is_new) as new_rows,
    any_value(gone.gone_rows) as gone_rows,
    count(*) filter (where row.answer = 'confirmed') as confirmed,
    count(*) filter (where row.answer = 'corrected') as corrected,
    count(*) filter (where row.answer = 'cannot') as cannot,
    coalesce(sum(row.nok_at_stake) filter (where row.is_counted and row.nok_at_stake > 0), 0) as nok_lost,
    coalesce(-sum(row.nok_at_stake) filter (where row.is_counted and row.nok_at_stake < 0), 0) as nok_over,
from counted_row as row
left join gone on gone.check_id = row.check_id
group by row.check_id
