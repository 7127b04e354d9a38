-- what: the errors in `enhet`, with what becomes of them in this delivery
-- grain: one row per row_id
-- key: row_id
-- source: docs/synthetic-data.md
with one as (
    select
        *,
        u(k, 'corrected') < $corrected_error as correctable
    from unit_found
    qualify row_number() over (partition by row_id order by kind) = 1
)

select
    *,
    not correctable or $delivery = 1 and $tertial = 1 as applies,
    correctable and $delivery = 2 and $tertial = 1 as corrected
from one
order by row_id
