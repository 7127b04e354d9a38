-- what: what the weights by costs would do to each trust, and how far that varies with the patients whose costs made them
-- title: Usikkerhet i virkningen av vektene per HF
-- sheet: Usikkerhet i virkningen per HF
-- grain: one row per sector and trust
-- key: sektor, hf_orgnr
-- source: docs/simulation.md, weights from costs
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column hf_orgnr: organisation number of the treating trust
-- column hf: its name
-- column antall: counted stays and services
-- column endring_prosent: change in points with the weights by costs, calibrated in the sector, per cent
-- column prosent_lav: lower limit, the activity as it is and the weights of each resample
-- column prosent_hoy: upper limit
with
-- Draw 0 is the weights as they are; a group that is not drawn keeps its weight in every draw.
draw as (
    select distinct draw from drawn_weight
    union all
    select 0 as draw
),

of_draw as (
    select
        weight.sector,
        weight.unit_type,
        weight.group_code,
        draw.draw,
        cast(1000 * weight.given_weight as hugeint) as given,
        coalesce(drawn.thousandths, cast(1000 * weight.weight as bigint)) as thousandths,
    from cost_weight as weight
    cross join draw
    left join drawn_weight as drawn
        on drawn.sector = weight.sector
        and drawn.unit_type = weight.unit_type
        and drawn.group_code = weight.group_code
        and drawn.draw = draw.draw
),

summed as (
    select
        unit.sector,
        unit.hf_orgnr,
        of_draw.draw,
        sum(unit.units) as units,
        sum(unit.units * of_draw.given) as before,
        sum(unit.units * cast(of_draw.thousandths as hugeint)) as after,
    from trust_unit as unit
    inner join of_draw
        on of_draw.sector = unit.sector
        and of_draw.unit_type = unit.unit_type
        and of_draw.group_code = unit.group_code
    group by unit.sector, unit.hf_orgnr, of_draw.draw
),

calibrated as (
    select
        *,
        cast(sum(before) over national as double) / nullif(cast(sum(after) over national as double), 0) as factor,
    from summed
    window national as (partition by sector, draw)
),

changed as (
    select
        sector,
        hf_orgnr,
        draw,
        units,
        100 * (cast(after as double) * factor - cast(before as double)) / nullif(cast(before as double), 0) as percent,
    from calibrated
),

sorted as (
    select
        sector,
        hf_orgnr,
        max(units) as units,
        max(percent) filter (where draw = 0) as percent,
        list(percent order by percent) filter (where draw > 0) as percents,
        greatest(1, (25 * (count(*) filter (where draw > 0) + 1)) // 1000) as place,
    from changed
    where percent is not null
    group by sector, hf_orgnr
)

select
    sorted.sector as sektor,
    sorted.hf_orgnr,
    if(sorted.hf_orgnr is null, 'uten HF', provider.hf_name) as hf,
    cast(sorted.units as bigint) as antall,
    cast(sorted.percent as decimal(18, 4)) as endring_prosent,
    cast(sorted.percents[place] as decimal(18, 4)) as prosent_lav,
    cast(sorted.percents[-place] as decimal(18, 4)) as prosent_hoy,
from sorted
left join provider on provider.hf_orgnr is not distinct from sorted.hf_orgnr
