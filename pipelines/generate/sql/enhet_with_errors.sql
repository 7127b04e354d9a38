-- What:  The contract's table of units, with its errors.
-- Key:   enhetID
with rows as (
    select * from enhet
    union all
    select * from enhet where "enhetID" in (select row_id from unit_error where applies and twice)
)
select * replace (
    if("enhetID" in (select row_id from unit_error where applies and not twice), null, "isfRefusjon") as "isfRefusjon")
from rows
order by "enhetID"
