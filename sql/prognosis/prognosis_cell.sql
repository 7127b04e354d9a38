-- what: the year in pieces: what is delivered, what the final delivery is expected to add, and the months to come
-- grain: one row per region, trust, sector, rhythm, month and part; parts levert, etterslep, rest
-- key: rhf_orgnr, hf_orgnr, sector, rhythm, month, part
-- source: docs/prognosis.md
with
period as (
    select
        coalesce((
            select month(max(earlier.period_to))
            from settled_ref.delivery_period as earlier
            where earlier.tertial < delivery.tertial
        ), 0) as after_month,
    from settled_landing.delivery as delivery
),

delivered as (
    select
        cell.rhf_orgnr,
        cell.hf_orgnr,
        cell.sector,
        cell.rhythm,
        cell.month,
        cell.points,
        -- Only the newest tertial's months are revised.
        cast(
            -- Nineteen digits: DuckDB keeps a product of two numbers of up to 18 digits within 18.
            if(cell.month > period.after_month, cell.points * (cast(factor.factor as decimal(19, 9)) - 1), 0)
            as decimal(18, 3)
        ) as late_points,
    from rhythm_month as cell
    cross join period
    left join revision_factor as factor
        on factor.hf_orgnr is not distinct from cell.hf_orgnr and factor.sector = cell.sector
    where cell.state = 'delivery'
),

place as (
    select
        rhf_orgnr,
        hf_orgnr,
        sector,
        rhythm,
        month is null as is_of_the_year,
        sum(points + coalesce(late_points, 0)) as points,
    from delivered
    group by rhf_orgnr, hf_orgnr, sector, rhythm, month is null
)

select
    rhf_orgnr,
    hf_orgnr,
    sector,
    rhythm,
    month,
    'levert' as part,
    points,
from delivered
union all
select
    rhf_orgnr,
    hf_orgnr,
    sector,
    rhythm,
    month,
    'etterslep' as part,
    late_points as points,
from delivered
where late_points <> 0
union all
select
    place.rhf_orgnr,
    place.hf_orgnr,
    place.sector,
    place.rhythm,
    -- §7.2.1: the regional deduction has no month; it grows with the year.
    if(place.is_of_the_year, null, weight.month) as month,
    'rest' as part,
    cast(sum(cast(place.points * weight.share_of_delivered as decimal(38, 12))) as decimal(18, 3)) as points,
from place
inner join month_weight as weight
    on weight.sector = place.sector and weight.rhythm = place.rhythm and not weight.is_delivered
group by
    place.rhf_orgnr,
    place.hf_orgnr,
    place.sector,
    place.rhythm,
    if(place.is_of_the_year, null, weight.month)
