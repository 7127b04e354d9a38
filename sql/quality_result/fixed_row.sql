-- what: rows of the last delivery that are findings no longer, in the months that both deliveries hold
-- grain: one row per row and check of the last delivery
-- key: check_id, row_type, row_key, hf_orgnr
-- source: regulation §3.8
select
    earlier.check_id,
    earlier.row_type,
    earlier.row_key,
    earlier.hf_orgnr,
    earlier.institution_id,
    earlier.unit_id,
    earlier.month,
    earlier.points_at_stake,
    earlier.points_at_stake * coalesce(price.nok_per_point, 0) as nok_at_stake,
from earlier_row as earlier
anti join check_row as row
    on row.check_id = earlier.check_id
    and row.row_type = earlier.row_type
    and row.row_key = earlier.row_key
    and row.hf_orgnr = earlier.hf_orgnr
left join nok_per_point as price on price.sector = earlier.sector
where earlier.back = 1
    and (select count(*) from common_month) > 0
    and (earlier.month is null or earlier.month in (select month from common_month))
