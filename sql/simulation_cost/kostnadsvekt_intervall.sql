-- what: how far the weight of each group varies with the patients: 95 % of the resamples
-- title: Usikkerhet i vektene
-- grain: one row per sector, kind of unit and group with a mean of its own
-- key: sektor, enhet_type, gruppe
-- source: docs/simulation.md, weights from costs
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column enhet_type: opphold, sertjeneste or forlop
-- column gruppe: DRG, STG or TFG
-- column antall: units with all costs known
-- column vekt: weight by costs, before families, classes and calibration
-- column vekt_lav: lower limit
-- column vekt_hoy: upper limit
with
sorted as (
    select
        sector,
        unit_type,
        group_code,
        list(thousandths order by thousandths) as weights,
        greatest(1, (25 * (count(*) + 1)) // 1000) as place,
    from drawn_weight
    group by sector, unit_type, group_code
)

select
    sorted.sector as sektor,
    case sorted.unit_type when 'stay' then 'opphold' when 'service' then 'sertjeneste' else 'forlop' end as enhet_type,
    sorted.group_code as gruppe,
    weight.units as antall,
    weight.weight as vekt,
    cast(cast(sorted.weights[place] as decimal(18, 0)) * 0.001 as decimal(18, 3)) as vekt_lav,
    cast(cast(sorted.weights[-place] as decimal(18, 0)) * 0.001 as decimal(18, 3)) as vekt_hoy,
from sorted
inner join cost_weight as weight
    on weight.sector = sorted.sector
    and weight.unit_type = sorted.unit_type
    and weight.group_code = sorted.group_code
