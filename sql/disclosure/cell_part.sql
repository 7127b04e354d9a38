-- what: points of the matrix's cells by kind of unit, which are published nowhere but add up to what is
-- grain: one row per cell and kind of unit
-- key: sektor, hf, rhf, part
-- source: docs/published-tables.md
with
summed as (
    select
        sector,
        coalesce(hf_orgnr, '') as hf,
        coalesce(residence_rhf_orgnr, '') as rhf,
        sum(stay_points) as poeng_opphold,
        sum(service_points) as poeng_sertjenester,
        sum(pathway_points) as poeng_forlop,
    from unit_month_sum
    group by sector, hf, rhf
),

summed_part as (
    unpivot summed on poeng_opphold, poeng_sertjenester, poeng_forlop into name part value points
)

select
    cell.sektor,
    cell.hf,
    cell.rhf,
    part.part,
    concat_ws('|', 'celle', cell.hf, cell.rhf, cell.sektor, part.part) as number_id,
    coalesce(summed_part.points, 0) as points,
from matrix_cell as cell
cross join (select unnest(['poeng_opphold', 'poeng_sertjenester', 'poeng_forlop']) as part) as part
left join summed_part
    on summed_part.sector = cell.sektor
    and summed_part.hf = cell.hf
    and summed_part.rhf = cell.rhf
    and summed_part.part = part.part
