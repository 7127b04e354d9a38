-- what: the cells of a month add up to the monthly tables, the months to the settlement, and both tables to the same
-- grain: one row per sum and number in it
-- key: sum_id, number_id
-- source: docs/regelverk.md 6
with
monthly as (
    select
        'hf' as side,
        coalesce(hf_orgnr, '') as place,
        sektor,
        maned,
        concat_ws('|', 'oppgjor_hf_maned', coalesce(hf_orgnr, ''), sektor, maned) as row_id,
    from oppgjor_hf_maned
    union all
    select
        'rhf' as side,
        coalesce(rhf_orgnr, '') as place,
        sektor,
        maned,
        concat_ws('|', 'oppgjor_rhf_maned', coalesce(rhf_orgnr, ''), sektor, maned) as row_id,
    from oppgjor_rhf_maned
    where maned is not null
)

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
    row_id || '|isf_poeng' as number_id,
    -1 as coefficient,
from monthly
union all
select
    concat_ws('|', 'over months', side, place, sektor) as sum_id,
    row_id || '|isf_poeng' as number_id,
    1 as coefficient,
from monthly
union all
select distinct
    concat_ws('|', 'over months', monthly.side, monthly.place, monthly.sektor) as sum_id,
    settled.number_id,
    -1 as coefficient,
from monthly
inner join settled
    on settled.side = monthly.side
    and settled.place = monthly.place
    and settled.sektor = monthly.sektor
    and settled.part = 'isf_poeng'
union all
select
    concat_ws('|', 'the country', sektor, maned) as sum_id,
    row_id || '|isf_poeng' as number_id,
    if(side = 'hf', 1, -1) as coefficient,
from monthly
