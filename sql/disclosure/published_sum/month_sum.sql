-- what: the cells of a month add up to the monthly tables
-- grain: one row per sum and number in it
-- key: sum_id, number_id
-- source: rulebook section 6
select
    concat_ws('|', 'oppgjor_hf_maned', hf, sektor, maned) as sum_id,
    number_id,
    1 as coefficient,
from cell_month
union all
select
    concat_ws('|', 'oppgjor_rhf_maned', rhf, sektor, maned) as sum_id,
    number_id,
    1 as coefficient,
from cell_month
union all
select
    row_id as sum_id,
    number_id,
    -1 as coefficient,
from month_number
