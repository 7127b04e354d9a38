-- what: points of the matrix's cells by month, which are published nowhere but add up to what is
-- grain: one row per cell and month of the monthly tables
-- key: sektor, hf, rhf, maned
-- source: docs/published-tables.md
with
month as (
    select distinct maned from oppgjor_rhf_maned where maned is not null
),

summed as (
    select
        sector,
        coalesce(hf_orgnr, '') as hf,
        coalesce(residence_rhf_orgnr, '') as rhf,
        month,
        sum(points - region_points) as points,
    from unit_month_sum
    group by sector, hf, rhf, month
)

select
    cell.sektor,
    cell.hf,
    cell.rhf,
    month.maned,
    concat_ws('|', 'celle', cell.hf, cell.rhf, cell.sektor, month.maned) as number_id,
    coalesce(summed.points, 0) as points,
from matrix_cell as cell
cross join month
left join summed
    on summed.sector = cell.sektor
    and summed.hf = cell.hf
    and summed.rhf = cell.rhf
    and summed.month = cast(month.maned[6:7] as bigint)
