-- what: treating trust against region of residence, before small numbers are suppressed; never leaves the warehouse
-- grain: one row per trust, region of residence and sector that occurs
-- key: hf_orgnr, bosted_rhf_orgnr, sektor
-- source: docs/regelverk.md 6, docs/published-tables.md
-- column hf_orgnr varchar: organisation number of the treating trust
-- column bosted_rhf_orgnr varchar: organisation number of the region of the patients' residence, home region included
-- column sektor varchar: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column antall_pasienter bigint: patients with a counted unit
-- column antall_opphold bigint: counted stays
-- column isf_poeng decimal(18, 3): points, without the regional deduction
-- column refusjon_kr decimal(18, 2): refund that the points correspond to, kroner with two decimals
select
    unit_sum.hf_orgnr,
    unit_sum.residence_rhf_orgnr as bosted_rhf_orgnr,
    unit_sum.sector as sektor,
    unit_sum.patients as antall_pasienter,
    unit_sum.stays as antall_opphold,
    cast(unit_sum.points - unit_sum.region_points as decimal(18, 3)) as isf_poeng,
    cast(
        round(
            cast(unit_sum.points - unit_sum.region_points as decimal(18, 3)) * point_price.nok_per_point,
            2
        ) as decimal(18, 2)
    ) as refusjon_kr,
from unit_sum
inner join point_price on point_price.sector = unit_sum.sector
where unit_sum.patients > 0
