-- what: a cell's points are the sum of its months and of its kinds of unit
-- grain: one row per sum and number in it
-- key: sum_id, number_id
-- source: docs/regelverk.md 6
select
    concat_ws('|', 'months', hf, rhf, sektor) as sum_id,
    number_id,
    1 as coefficient,
from cell_month
union all
select distinct
    concat_ws('|', 'months', cell_month.hf, cell_month.rhf, cell_month.sektor) as sum_id,
    cell.row_id || '|isf_poeng' as number_id,
    -1 as coefficient,
from cell_month
inner join matrix_cell as cell
    on cell.sektor = cell_month.sektor and cell.hf = cell_month.hf and cell.rhf = cell_month.rhf
union all
select
    concat_ws('|', 'parts', hf, rhf, sektor) as sum_id,
    number_id,
    1 as coefficient,
from cell_part
union all
select
    concat_ws('|', 'parts', hf, rhf, sektor) as sum_id,
    row_id || '|isf_poeng' as number_id,
    -1 as coefficient,
from matrix_cell
