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
        cast(sum(tertial.points) * 1000 as hugeint) as milli_first,
        cast(sum(tertial.points_final) * 1000 as hugeint) as milli_final,
    from tertial
    inner join pair_month on tertial.month > pair_month.after_month and tertial.month <= pair_month.last_month
    group by tertial.hf_orgnr, tertial.sector
),

sector as (
    select
        sector,
        sum(milli_first) as milli_first,
        sum(milli_final) as milli_final,
    from summed
    group by sector
    having sum(milli_first) > 0
),

trust as (
    select distinct
        hf_orgnr,
        sector,
    from rhythm_month
    where state = 'delivery' and month is not null
),

-- (final + prior × sector's final / sector's first) / (first + prior), as one division of whole numbers.
drawn as (
    select
        trust.hf_orgnr,
        trust.sector,
        greatest(coalesce(summed.milli_final, 0), 0) * sector.milli_first
        + cast(choice.prior_points * 1000 as hugeint) * sector.milli_final as above,
        (greatest(coalesce(summed.milli_first, 0), 0) + cast(choice.prior_points * 1000 as hugeint))
        * sector.milli_first as below,
    from trust
    cross join prognosis_choice as choice
    left join sector on sector.sector = trust.sector and choice.revision = 'par'
    left join summed on summed.hf_orgnr is not distinct from trust.hf_orgnr and summed.sector = trust.sector
)

select
    hf_orgnr,
    sector,
    -- To the nearest, halves upwards.
    cast(
        cast(coalesce((2000000000 * above + below) // (2 * below), 1000000000) as decimal(28, 0)) * 0.000000001
        as decimal(18, 9)
    ) as factor,
from drawn
