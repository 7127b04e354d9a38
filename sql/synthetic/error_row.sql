-- what: the chunk's errors: at most one per row, with what becomes of them in this delivery
-- grain: one row per file, nr
-- key: file, nr
-- source: docs/synthetic-data.md
-- `corrected` = the second delivery of the row's tertial has it right; in the first it is wrong.
with one as (
    select * from error_found
    qualify row_number() over (partition by row_id order by u(k, 'which error ' || kind), kind) = 1
),

judged as (
    select
        o.*,
        e.tier,
        e.target,
        e.column_name,
        e.target in ('episode', 'hresept') and e.wrong is not null as patch,
        if(e.target = 'hresept', e.also, null) as also,
        case e.target
            when 'hresept' then 'hresept' when 'conditions' then 'tilstand' when 'procedures' then 'prosedyre'
            when 'categories' then 'helseperson' when 'orphan' then 'tilstand' else 'episode'
        end as file,
        u(o.k, 'corrected') < $corrected_error as correctable
    from one as o inner join syn.error_kinds as e using (kind)
)

select
    *,
    not correctable or in_tertial and $delivery = 1 as applies,
    correctable and in_tertial and $delivery = 2 as corrected
from judged
order by file, nr
