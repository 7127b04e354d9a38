-- what: change per DRG, STG and TFG
-- title: Endring per DRG, STG og TFG
-- grain: one row per measure, sector, kind of unit and group
-- key: maal, sektor, enhet_type, gruppe
-- source: docs/simulation.md
-- column maal: what is compared: base (base points of the same units in the same groups, as in the directorate's tables) or full (all that is paid)
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column enhet_type: opphold, sertjeneste, forlop or region
-- column gruppe: DRG, STG or TFG
-- column hdg: main diagnostic group
-- column navn: name of the group
-- column vekt_utgangspunkt: base points in the baseline
-- column vekt_alternativ: base points in the alternative, before calibration
-- column antall_utgangspunkt: units in the group under the baseline
-- column antall_alternativ: units in the group under the alternative
-- column poeng_utgangspunkt: points under the baseline
-- column vekter: change from new base points on the same units in the same groups
-- column omgruppering: change because units are in other groups, or another trust or region
-- column tillegg_fradrag: change in supplements and deductions, the regional deduction included
-- column telleregel: change in what pathways pay and take over
-- column kalibrering: change from the calibration factor
-- column poeng_alternativ: points under the alternative, calibrated, unrounded
-- column endring: poeng_alternativ minus poeng_utgangspunkt; the sum of the five parts
-- column endring_prosent: the change in per cent of the baseline
-- column endring_kr: the change in kroner at the baseline's prices, unrounded
select
    effect.measure as maal,
    effect.sector as sektor,
    case effect.unit_type
        when 'stay' then 'opphold' when 'service' then 'sertjeneste' when 'pathway' then 'forlop' else effect.unit_type
    end as enhet_type,
    effect.group_code as gruppe,
    effect.hdg,
    coalesce(new.name, old.name) as navn,
    old.base_points as vekt_utgangspunkt,
    new.base_points as vekt_alternativ,
    cast(sum(effect.units_before) as bigint) as antall_utgangspunkt,
    cast(sum(effect.units_after) as bigint) as antall_alternativ,
    cast(sum(effect.baseline) as decimal(20, 9)) as poeng_utgangspunkt,
    cast(sum(effect.weights) as decimal(20, 9)) as vekter,
    cast(sum(effect.regrouping) as decimal(20, 9)) as omgruppering,
    cast(sum(effect.supplements) as decimal(20, 9)) as tillegg_fradrag,
    cast(sum(effect.counting) as decimal(20, 9)) as telleregel,
    cast(sum(effect.calibration) as decimal(20, 9)) as kalibrering,
    cast(sum(effect.alternative) as decimal(20, 9)) as poeng_alternativ,
    cast(sum(effect.change) as decimal(20, 9)) as endring,
    cast(100 * sum(effect.change) / nullif(sum(effect.baseline), 0) as decimal(18, 6)) as endring_prosent,
    cast(sum(effect.change_nok) as decimal(32, 15)) as endring_kr,
from effect
left join baseline_group as old
    on old.sector = effect.sector and old.unit_type = effect.unit_type and old.group_code = effect.group_code
left join alternative_group as new
    on new.sector = effect.sector and new.unit_type = effect.unit_type and new.group_code = effect.group_code
group by all
