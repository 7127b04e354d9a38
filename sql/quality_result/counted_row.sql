-- what: failing rows with the hospital's answer, whether the row counts, and what it is worth in kroner
-- grain: one row per failing row and check
-- key: check_id, row_type, row_key
-- source: regulation §3.8
select
    row.check_id,
    setting.tier,
    setting.trial,
    row.row_type,
    row.row_key,
    row.sector,
    row.hf_orgnr,
    row.institution_id,
    row.unit_id,
    row.month,
    row.start_text,
    row.end_text,
    row.partner_key,
    row.value,
    row.proposed,
    row.points_at_stake,
    row.points_low,
    row.points_high,
    row.points_at_stake * coalesce(price.nok_per_point, 0) as nok_at_stake,
    answer.answer,
    answer.answer_comment,
    -- Said to be corrected in an answer to an earlier delivery, and still there.
    coalesce(answer.answer = 'corrected' and answer.position < 0, false) as is_still_there,
    -- Only a suspicion can be confirmed to be right. What is missing, unreadable or not in its list counts all the same.
    coalesce(answer.answer = 'confirmed' and setting.tier = 'plausibility', false) as is_confirmed,
    -- A confirmed row is right as it is; it counts again if the hospital reports another value.
    not coalesce(answer.answer = 'confirmed' and setting.tier = 'plausibility', false) as is_counted,
    case
        when (select count(*) from common_month) = 0 then null
        -- Of a check that did not run on the last delivery nobody knows what it would have found.
        when row.check_id in (select check_id from earlier_error) then null
        when earlier.row_key is not null then 'still'
        when long_ago.row_key is not null then 'reappeared'
        -- A row of months that the last delivery does not hold is no news about those that it holds.
        when row.month is null or row.month in (select month from common_month) then 'new'
        else 'new_month'
    end as history,
from check_row as row
inner join check_setting as setting on setting.check_id = row.check_id
left join nok_per_point as price on price.sector = row.sector
left join given_answer as answer
    on answer.check_id = row.check_id
    and answer.row_type = row.row_type
    and answer.row_key = row.row_key
    and answer.hf_orgnr = row.hf_orgnr
    and answer.value is not distinct from row.value
left join earlier_row as earlier
    on earlier.back = 1
    and earlier.check_id = row.check_id
    and earlier.row_type = row.row_type
    and earlier.row_key = row.row_key
    and earlier.hf_orgnr = row.hf_orgnr
left join (select distinct check_id, row_type, row_key, hf_orgnr from earlier_row where back > 1) as long_ago
    on long_ago.check_id = row.check_id
    and long_ago.row_type = row.row_type
    and long_ago.row_key = row.row_key
    and long_ago.hf_orgnr = row.hf_orgnr
