-- what: how well the groups explain what units cost, before and after long stays are cut
-- title: Modellen per sektor
-- grain: one row per sector
-- key: sektor
-- source: docs/simulation.md, weights from costs
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column antall: units with all costs known
-- column antall_trimmet: of them, stays longer than the trim point
-- column netto_kr: net cost, kroner
-- column trimmet_kr: net cost with long stays cut, kroner
-- column kr_per_poeng: what a point costs: trimmed cost over the points so far, two decimals
-- column forklart_for: share of the variance between units that the groups explain, before cutting, four decimals
-- column forklart_etter: the same after cutting
with
whole as (
    select
        sector,
        sum(units) as units,
        sum(units_trimmed) as units_trimmed,
        sum(net) as net,
        sum(trimmed) as trimmed,
        sum(net_squares) as net_squares,
        sum(trimmed_squares) as trimmed_squares,
        -- What the groups' means explain: the squares of the sums over the numbers, as whole numbers.
        sum(net * net // nullif(units, 0)) as net_between,
        sum(trimmed * trimmed // nullif(units, 0)) as trimmed_between,
        max(reference_cost) as reference_cost,
        max(reference_thousandths) as reference_thousandths,
    from cost_weight
    group by sector
)

select
    sector as sektor,
    cast(units as bigint) as antall,
    cast(units_trimmed as bigint) as antall_trimmet,
    cast(cast(net as decimal(20, 0)) * 0.01 as decimal(22, 2)) as netto_kr,
    cast(cast(trimmed as decimal(20, 0)) * 0.01 as decimal(22, 2)) as trimmet_kr,
    cast(
        cast(1000 * reference_cost // nullif(reference_thousandths, 0) as decimal(18, 0)) * 0.01 as decimal(18, 2)
    ) as kr_per_poeng,
    cast(
        cast(net_between - net * net // nullif(units, 0) as double)
        / nullif(cast(net_squares - net * net // nullif(units, 0) as double), 0)
        as decimal(9, 4)
    ) as forklart_for,
    cast(
        cast(trimmed_between - trimmed * trimmed // nullif(units, 0) as double)
        / nullif(cast(trimmed_squares - trimmed * trimmed // nullif(units, 0) as double), 0)
        as decimal(9, 4)
    ) as forklart_etter,
from whole
where units > 0
