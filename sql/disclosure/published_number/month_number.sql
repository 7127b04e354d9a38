-- what: points of the monthly tables; the regional deduction, on no month, is in the whole tables
-- grain: one row per number
-- key: number_id
-- source: docs/published-tables.md
select
    concat_ws('|', 'oppgjor_hf_maned', coalesce(hf_orgnr, ''), sektor, maned, 'isf_poeng') as number_id,
    concat_ws('|', 'oppgjor_hf_maned', coalesce(hf_orgnr, ''), sektor, maned) as row_id,
    'points' as kind,
    cast(1000 * isf_poeng as bigint) as value,
    false as is_whole,
    true as is_above,
from oppgjor_hf_maned
union all
select
    concat_ws('|', 'oppgjor_rhf_maned', coalesce(rhf_orgnr, ''), sektor, maned, 'isf_poeng') as number_id,
    concat_ws('|', 'oppgjor_rhf_maned', coalesce(rhf_orgnr, ''), sektor, maned) as row_id,
    'points' as kind,
    cast(1000 * isf_poeng as bigint) as value,
    false as is_whole,
    true as is_above,
from oppgjor_rhf_maned
where maned is not null
