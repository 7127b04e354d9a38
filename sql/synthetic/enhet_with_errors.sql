-- what: the contract's table of units, with its errors
-- grain: one row per enhetID
-- key: enhetID
-- source: docs/synthetic-data.md
with rows as (
    select * from enhet
    union all
    select * from enhet where "enhetID" in (select row_id from unit_error where applies and twice)
)

select
    * replace (
        if("enhetID" in (select row_id from unit_error where applies and not twice), null, "isfRefusjon")
            as "isfRefusjon"
    )
from rows
order by "enhetID"
