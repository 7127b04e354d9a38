-- what: 95 % intervals of the change: base points of the same units in the same groups
-- title: Usikkerhet, basispoeng
-- grain: one row per level, unit and sector
-- key: nivaa, orgnr, sektor
-- source: docs/simulation.md
-- column nivaa: land, rhf (region of residence) or hf (treating trust)
-- column orgnr: organisation number of the region or trust; empty for the country
-- column navn: its name
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column antall_pasienter: patients who were drawn
-- column endring: change in points, calibrated
-- column endring_lav: lower limit of the change; empty where there are too few patients
-- column endring_hoy: upper limit
-- column endring_prosent: the change in per cent of the baseline
-- column prosent_lav: lower limit of the per cent
-- column prosent_hoy: upper limit
-- column merknad: why there is no interval
select
    interval.level as nivaa,
    interval.orgnr,
    interval.name as navn,
    interval.sector as sektor,
    interval.patients as antall_pasienter,
    cast(interval.change as decimal(20, 9)) as endring,
    if(interval.reason is null, interval.change_low, null) as endring_lav,
    if(interval.reason is null, interval.change_high, null) as endring_hoy,
    interval.percent as endring_prosent,
    if(interval.reason is null, interval.percent_low, null) as prosent_lav,
    if(interval.reason is null, interval.percent_high, null) as prosent_hoy,
    interval.reason as merknad,
from interval
where interval.measure = 'base'
