-- what: the states of sex and discharge mode that rules tell apart, as numbers; anything else is state 0
-- grain: one row per kind and value
-- key: kind, value
-- source: docs/grouper.md, A case: sex 1 man, 2 woman; mode E dead, R transferred, H home
select
    kind,
    value,
    state,
    letter,
from (
    values
    ('sex', '1', 1, 'M'),
    ('sex', '2', 2, 'F'),
    ('discharge', 'E', 1, 'E'),
    ('discharge', 'R', 2, 'R'),
    ('discharge', 'H', 3, 'H')
) as numbered(kind, value, state, letter)
