-- what: rows of the last delivery that are findings no longer, in the months that both deliveries hold
-- grain: one row per row and check of the last delivery
-- key: check_id, row_type, row_key, hf_orgnr
-- source: regulation §3.8
-- column nok_at_stake: kroner of the points at this delivery’s price; empty under another rule set, whose points are other points
with
last_delivery as (
    select ruleset
    from earlier_delivery
    where which = 'delivery'
),

-- Right as it was: such a row never counted, so it is not corrected either.
confirmed as (
    select
        answer.check_id,
        answer.row_type,
        answer.row_key,
        answer.hf_orgnr,
        answer.value,
    from given_answer as answer
    inner join check_setting as setting on setting.check_id = answer.check_id
    where answer.answer = 'confirmed' and setting.tier = 'plausibility'
)

select
    earlier.check_id,
    earlier.row_type,
    earlier.row_key,
    earlier.hf_orgnr,
    earlier.institution_id,
    earlier.unit_id,
    earlier.month,
    earlier.points_at_stake,
    if(
        last_delivery.ruleset = info.ruleset, earlier.points_at_stake * coalesce(price.nok_per_point, 0), null
    ) as nok_at_stake,
from earlier_row as earlier
cross join info
cross join last_delivery
anti join check_row as row
    on row.check_id = earlier.check_id
    and row.row_type = earlier.row_type
    and row.row_key = earlier.row_key
    and row.hf_orgnr = earlier.hf_orgnr
-- A check that did not run tells nothing of its rows.
anti join check_error on check_error.check_id = earlier.check_id
anti join confirmed
    on confirmed.check_id = earlier.check_id
    and confirmed.row_type = earlier.row_type
    and confirmed.row_key = earlier.row_key
    and confirmed.hf_orgnr = earlier.hf_orgnr
    and confirmed.value is not distinct from earlier.value
left join nok_per_point as price on price.sector = earlier.sector
where earlier.back = 1
    and (select count(*) from common_month) > 0
    and (earlier.month is null or earlier.month in (select month from common_month))
