-- what: each trust's measures in the last delivery and in the same tertial a year before
-- grain: one row per delivery compared with, macro check, trust, sector and month of the year (or none)
-- key: which, check_id, hf_orgnr, sector, month_of_year
-- source: regulation §3.8
select
    value.which,
    value.check_id,
    value.hf_orgnr,
    value.sector,
    value.month[6:7] as month_of_year,
    cast(
        if(setting.kind = 'volume', value.numerator, value.numerator / nullif(value.denominator, 0))
        as decimal(24, 6)
    ) as measure,
from earlier_value as value
inner join check_setting as setting on setting.check_id = value.check_id
