-- what: the return codes, which say how a case came to its group
-- grain: one row per return code
-- key: return_code
-- source: docs/grouper.md, How a rule is matched: errors are rules too; table `rtc` of later versions
select return_code
from (values ('0'), ('1'), ('2'), ('3'), ('4'), ('5'), ('6'), ('7'), ('8'), ('9'), ('A'), ('B')) as code(return_code)
