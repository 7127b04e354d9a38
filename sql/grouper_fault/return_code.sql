-- what: the return codes, which say how a case came to its group
-- grain: one row per return code
-- key: return_code
-- source: grouper specification, errors are rules too; table `rtc` of later versions
select
    return_code,
    meaning,
from (
    values
    ('0', 'grouped'),
    ('1', 'no usable main diagnosis'),
    ('2', 'sex missing'),
    ('3', 'sex does not fit the diagnosis'),
    ('4', 'too young for the diagnosis'),
    ('5', 'too old for the diagnosis'),
    ('6', 'age not possible'),
    ('7', 'rare or wrong combination of diagnosis and procedure'),
    ('8', 'main diagnosis not usable'),
    ('9', 'other error'),
    ('A', 'operation for haemangioma'),
    ('B', 'unspecified or impossible procedure')
) as code(return_code, meaning)
