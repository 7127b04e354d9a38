-- what: each group with its costs, how its weight was made, and how it changes
-- title: Kostnad og vekt per gruppe
-- grain: one row per sector, kind of unit and group
-- key: sektor, enhet_type, gruppe
-- source: docs/simulation.md, weights from costs
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column enhet_type: opphold, sertjeneste or forlop
-- column gruppe: DRG, STG or TFG
-- column navn: its name
-- column metode: egen (by its own mean), felles (the change of a pool), som_for (the weight so far)
-- column felles_med: the pool: HDG (uten HDG in mental health care), or alle
-- column antall: units with all costs known
-- column antall_trimmet: of them, stays longer than the trim point
-- column snitt_kr: mean net cost, kroner
-- column snitt_trimmet_kr: the same with long stays cut
-- column variasjon: coefficient of variation of the trimmed cost, four decimals; empty below two units
-- column vekt_for: weight so far
-- column vekt_etter: weight by costs, before families, classes and calibration
-- column endring_prosent: the change in per cent
-- column over_ti_prosent: whether it is more than ten per cent
select
    sector as sektor,
    case unit_type when 'stay' then 'opphold' when 'service' then 'sertjeneste' else 'forlop' end as enhet_type,
    group_code as gruppe,
    name as navn,
    case method when 'own' then 'egen' when 'pooled' then 'felles' else 'som_for' end as metode,
    pool as felles_med,
    units as antall,
    units_trimmed as antall_trimmet,
    cast(if(units > 0, cast(net // nullif(units, 0) as decimal(18, 0)) * 0.01, null) as decimal(18, 2)) as snitt_kr,
    cast(if(units > 0, cast(trimmed // nullif(units, 0) as decimal(18, 0)) * 0.01, null) as decimal(18, 2))
        as snitt_trimmet_kr,
    cast(
        if(
            units > 1 and trimmed > 0,
            sqrt(
                cast(units * trimmed_squares - trimmed * trimmed as double) / (cast(units as double) * (units - 1))
            ) * units / cast(trimmed as double),
            null
        ) as decimal(9, 4)
    ) as variasjon,
    given_weight as vekt_for,
    weight as vekt_etter,
    cast(100 * (weight - given_weight) / nullif(given_weight, 0) as decimal(18, 4)) as endring_prosent,
    10 * abs(weight - given_weight) > given_weight as over_ti_prosent,
from cost_weight
