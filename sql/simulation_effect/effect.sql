-- what: the change and its parts, calibrated; the sum of the parts is the change
-- grain: one row per measure (base: the directorate's; full: what is paid), trust, region of residence and group
-- key: measure, sector, unit_type, hf_orgnr, residence_rhf_orgnr, residence_county, group_code
-- source: docs/simulation.md
with
parted as (
    select
        'base' as measure,
        * exclude (units, points_before, points_after),
        units as units_before,
        units as units_after,
        points_before as baseline,
        points_after - points_before as weights,
        cast(0 as decimal(18, 3)) as regrouping,
        cast(0 as decimal(18, 3)) as supplements,
        cast(0 as decimal(18, 3)) as counting,
        points_after as uncalibrated,
    from base_cell
    union all by name
    select
        'full' as measure,
        * exclude (points_before, points_after),
        points_before as baseline,
        points_after as uncalibrated,
    from effect_cell
)

select
    parted.measure,
    parted.sector,
    parted.unit_type,
    parted.hf_orgnr,
    parted.residence_rhf_orgnr,
    parted.residence_county,
    parted.group_code,
    parted.hdg,
    parted.units_before,
    parted.units_after,
    cast(parted.baseline as decimal(20, 9)) as baseline,
    cast(parted.weights as decimal(20, 9)) as weights,
    cast(parted.regrouping as decimal(20, 9)) as regrouping,
    cast(parted.supplements as decimal(20, 9)) as supplements,
    cast(parted.counting as decimal(20, 9)) as counting,
    cast(parted.uncalibrated * factor.factor - parted.uncalibrated as decimal(20, 9)) as calibration,
    cast(parted.uncalibrated * factor.factor as decimal(20, 9)) as alternative,
    cast(parted.uncalibrated * factor.factor - parted.baseline as decimal(20, 9)) as change,
    cast(
        cast(parted.uncalibrated * factor.factor - parted.baseline as decimal(20, 9)) * price.nok_per_point
        as decimal(32, 15)
    ) as change_nok,
from parted
inner join calibration_factor as factor on factor.measure = parted.measure and factor.sector = parted.sector
inner join price on price.sector = parted.sector
