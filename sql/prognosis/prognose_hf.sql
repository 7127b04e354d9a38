-- what: the year expected per treating trust and sector, with an interval
-- title: Prognose per HF
-- grain: one row per trust and sector
-- key: hf_orgnr, sektor
-- adds: refusjon_ar
-- source: docs/prognosis.md
-- column hf_orgnr: organisation number of the treating trust
-- heading hf_orgnr: HF, org.nr
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column hf: name of the trust
-- heading hf: HF
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
select
    place.orgnr as hf_orgnr,
    place.sector as sektor,
    coalesce(provider.hf_name, 'ukjent') as hf,
    place.points_delivered as poeng_levert,
    place.points_late as poeng_etterslep,
    place.points_to_come as poeng_rest,
    place.points_year as poeng_ar,
    cast(place.points_low as decimal(18, 3)) as poeng_lav,
    cast(place.points_high as decimal(18, 3)) as poeng_hoy,
    cast(place.points_year * price.nok_per_point as decimal(28, 2)) as refusjon_ar,
    cast(place.points_low * price.nok_per_point as decimal(28, 2)) as refusjon_lav,
    cast(place.points_high * price.nok_per_point as decimal(28, 2)) as refusjon_hoy,
from place_year as place
inner join settled.point_price as price on price.sector = place.sector
left join settled.provider as provider on provider.hf_orgnr is not distinct from place.orgnr
where place.level = 'hf'
