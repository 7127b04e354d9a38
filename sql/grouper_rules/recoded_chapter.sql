-- what: the chapter that stands for both sexes' organs, and the chapter it becomes for a man and for a woman
-- grain: one row per sex
-- key: sex_state
-- source: docs/grouper.md, How a rule is matched: category and MDC of the main diagnosis: a value that begins with it is recoded by sex
select
    state as sex_state,
    '98' as chapter,
    if(letter = 'M', '12', '13') as becomes,
from state_number
where kind = 'sex'
