-- what: stays and points of the matrix add up to the settlement per trust and per region of residence
-- grain: one row per sum and number in it
-- key: sum_id, number_id
-- source: docs/regelverk.md 6
select
    concat_ws('|', 'oppgjor_hf', hf, sektor, 'antall_opphold') as sum_id,
    row_id || '|antall_opphold' as number_id,
    1 as coefficient,
from matrix_cell
union all
select
    concat_ws('|', 'oppgjor_rhf', rhf, sektor, 'antall_opphold') as sum_id,
    row_id || '|antall_opphold' as number_id,
    1 as coefficient,
from matrix_cell
union all
select
    concat_ws('|', 'oppgjor_hf', hf, sektor, part) as sum_id,
    number_id,
    1 as coefficient,
from cell_part
union all
select
    concat_ws('|', 'oppgjor_rhf', rhf, sektor, part) as sum_id,
    number_id,
    1 as coefficient,
from cell_part
union all
select
    concat_ws('|', 'oppgjor_hf', hf, sektor, 'isf_poeng') as sum_id,
    row_id || '|isf_poeng' as number_id,
    1 as coefficient,
from matrix_cell
union all
select
    concat_ws('|', 'oppgjor_rhf', rhf, sektor, 'isf_poeng') as sum_id,
    row_id || '|isf_poeng' as number_id,
    1 as coefficient,
from matrix_cell
union all
select
    number_id as sum_id,
    number_id,
    -1 as coefficient,
from settled
