-- what: the calibration factors and what their rounding leaves
-- title: Kalibreringsfaktorer
-- grain: one row per measure and sector
-- key: maal, sektor
-- source: docs/simulation.md
-- column maal: base or full, as in the other tables
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column metode: sector, total or none
-- column poeng_utgangspunkt: points under the baseline
-- column poeng_alternativ_ukalibrert: points under the alternative, before calibration
-- column faktor: what every point of the alternative is multiplied by
-- column rest: what is left between the two sums, because the factor has six decimals
select
    measure as maal,
    sector as sektor,
    mode as metode,
    points_before as poeng_utgangspunkt,
    points_after as poeng_alternativ_ukalibrert,
    factor as faktor,
    cast(points_after * factor - points_before as decimal(20, 9)) as rest,
from calibration_factor
