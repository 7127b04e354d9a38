-- what: the year expected per region of residence and sector, with an interval and against the budget
-- title: Prognose per RHF
-- grain: one row per region and sector
-- key: bosted_rhf_orgnr, sektor
-- adds: refusjon_ar
-- source: docs/prognosis.md
-- column bosted_rhf_orgnr: organisation number of the region of the patient's residence
-- heading bosted_rhf_orgnr: RHF, org.nr
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column rhf: name of the region
-- heading rhf: RHF
-- column poeng_levert: points of the delivered months
-- heading poeng_levert: Poeng levert
-- column poeng_etterslep: what the final delivery is expected to add to a first
-- heading poeng_etterslep: Ventet etterslep
-- column poeng_rest: points expected in the months to come
-- heading poeng_rest: Poeng som gjenstår
-- column poeng_ar: points expected of the year
-- heading poeng_ar: Poeng for året
-- column poeng_lav: lower end of the interval, never below 0; empty where the back-test carries none
-- heading poeng_lav: Lav
-- column poeng_hoy: upper end of the interval; empty where the back-test carries none
-- heading poeng_hoy: Høy
-- column refusjon_ar: kroner expected of the year, at the prices of the rule set
-- heading refusjon_ar: Refusjon for året, kr
-- column refusjon_lav: kroner at the lower end of the interval
-- heading refusjon_lav: Refusjon, lav
-- column refusjon_hoy: kroner at the upper end of the interval
-- heading refusjon_hoy: Refusjon, høy
-- column budsjett_poeng: points of the budget, where one is given
-- heading budsjett_poeng: Budsjett, poeng
-- column avvik_poeng: expected less budget
-- heading avvik_poeng: Mot budsjett, poeng
-- column avvik_kr: the same in kroner
-- heading avvik_kr: Mot budsjett, kr
select
    place.orgnr as bosted_rhf_orgnr,
    place.sector as sektor,
    coalesce(region.rhf_name, 'ukjent') as rhf,
    place.points_delivered as poeng_levert,
    place.points_late as poeng_etterslep,
    place.points_to_come as poeng_rest,
    place.points_year as poeng_ar,
    cast(place.points_low as decimal(18, 3)) as poeng_lav,
    cast(place.points_high as decimal(18, 3)) as poeng_hoy,
    cast(place.points_year * price.nok_per_point as decimal(28, 2)) as refusjon_ar,
    cast(place.points_low * price.nok_per_point as decimal(28, 2)) as refusjon_lav,
    cast(place.points_high * price.nok_per_point as decimal(28, 2)) as refusjon_hoy,
    budget.points as budsjett_poeng,
    cast(place.points_year - budget.points as decimal(18, 3)) as avvik_poeng,
    cast((place.points_year - budget.points) * price.nok_per_point as decimal(28, 2)) as avvik_kr,
from place_year as place
inner join settled.point_price as price on price.sector = place.sector
left join settled.region as region on region.rhf_orgnr = place.orgnr
left join budget on budget.rhf_orgnr = place.orgnr and budget.sector = place.sector
where place.level = 'rhf'
