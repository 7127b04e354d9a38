-- what: the row checks whose findings of the last delivery are known, in months that both deliveries hold
-- grain: one row per check
-- key: check_id
-- source: regulation §3.8
select setting.check_id
from check_setting as setting
where setting.tier <> 'macro'
    and (select count(*) from common_month) > 0
    -- Of a check that did not run, now or then, nobody knows what has changed.
    and setting.check_id not in (select check_id from check_error)
    and setting.check_id not in (select check_id from earlier_error)
