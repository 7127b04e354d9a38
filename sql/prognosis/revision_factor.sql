-- what: by how much the final delivery of a tertial exceeds the first, per trust: of the pair of deliveries that is at hand
-- grain: one row per trust and sector of the delivery
-- key: hf_orgnr, sector
-- source: docs/prognosis.md; regulation §3.5
-- column factor: points of the tertial's months in the final delivery over those in the first; drawn towards the sector's, the more the smaller the trust
with
pair_month as (
    select
        coalesce((
            select month(max(period.period_to))
            from pair_ref.delivery_period as period
            where period.tertial < pair.tertial
        ), 0) as after_month,
        month(pair.period_to) as last_month,
    from pair_landing.delivery as pair
),

tertial as (
    select hf_orgnr, sector, points, 0 as points_final, month from pair_first.ledger
    union all
    select hf_orgnr, sector, 0 as points, points as points_final, month from pair_final.ledger
),

summed as (
    select
        tertial.hf_orgnr,
        tertial.sector,
        sum(tertial.points) as points_first,
        sum(tertial.points_final) as points_final,
    from tertial
    inner join pair_month on tertial.month > pair_month.after_month and tertial.month <= pair_month.last_month
    group by tertial.hf_orgnr, tertial.sector
),

sector as (
    select
        sector,
        cast(sum(points_final) as double) / cast(nullif(sum(points_first), 0) as double) as factor,
    from summed
    group by sector
),

trust as (
    select distinct
        hf_orgnr,
        sector,
    from rhythm_month
    where state = 'delivery' and month is not null
)

select
    trust.hf_orgnr,
    trust.sector,
    cast(
        if(
            choice.revision <> 'par' or sector.factor is null,
            1,
            (cast(coalesce(summed.points_final, 0) as double) + choice.prior_points * sector.factor)
            / (cast(coalesce(summed.points_first, 0) as double) + choice.prior_points)
        ) as decimal(18, 9)
    ) as factor,
from trust
cross join prognosis_choice as choice
left join sector on sector.sector = trust.sector
left join summed on summed.hf_orgnr is not distinct from trust.hf_orgnr and summed.sector = trust.sector
