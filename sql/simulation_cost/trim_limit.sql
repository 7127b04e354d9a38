-- what: the trim point of each DRG from the lengths of its stays over night
-- grain: one row per sector and DRG with a trim point in the rule set
-- key: sector, drg
-- source: rule cost_weights; docs/simulation.md, weights from costs
with
measured as (
    select
        sector,
        group_code as drg,
        count(*) as stays,
        cast(quantile_disc(nights, 0.25) as bigint) as lower_quartile,
        cast(quantile_disc(nights, 0.75) as bigint) as upper_quartile,
    from cost_unit
    where unit_type = 'stay' and nights is not null
    group by sector, group_code
)

select
    drg.sector,
    drg.drg,
    coalesce(measured.stays, 0) as stays,
    measured.lower_quartile,
    measured.upper_quartile,
    drg.trim_point as given_trim_point,
    coalesce(measured.stays, 0) >= ref.number('cost_weights', 'trim_fewest_stays') as is_new,
    cast(
        if(
            coalesce(measured.stays, 0) >= ref.number('cost_weights', 'trim_fewest_stays'),
            (
                100 * measured.upper_quartile
                + ref.number('cost_weights', 'trim_range_percent') * (measured.upper_quartile - measured.lower_quartile)
            ) // 100,
            drg.trim_point
        ) as integer
    ) as trim_point,
from ref.drg as drg
left join measured on measured.sector = drg.sector and measured.drg = drg.drg
where drg.trim_point is not null
