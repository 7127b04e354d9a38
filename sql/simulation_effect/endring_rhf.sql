-- what: change per region of residence
-- title: Endring per RHF der pasienten bor
-- sheet: Endring per RHF
-- grain: one row per measure, sector and region
-- key: maal, sektor, bosted_rhf_orgnr
-- source: docs/simulation.md
-- column maal: what is compared: base (base points of the same units in the same groups, as in the directorate's tables) or full (all that is paid)
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column bosted_rhf_orgnr: organisation number of the region of residence
-- column bosted_rhf: name of the region of residence
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
    effect.residence_rhf_orgnr as bosted_rhf_orgnr,
    -- A region that only the alternative has is shown by its number.
    coalesce(provider.hf_name, effect.residence_rhf_orgnr) as bosted_rhf,
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
left join provider on provider.hf_orgnr = effect.residence_rhf_orgnr
group by all
