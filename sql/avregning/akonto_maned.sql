-- what: advances paid per region and month of the year
-- title: À konto per måned
-- grain: one row per region, sector and month
-- key: rhf_orgnr, sektor, maned
-- adds: akonto_kr
-- source: regulation §3.9
-- column rhf_orgnr: organisation number of the region
-- heading rhf_orgnr: RHF, org.nr
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column maned: month, YYYY-MM
-- heading maned: Måned
-- column rhf: name of the region
-- heading rhf: RHF
-- column akonto_kr: advance, kroner
-- heading akonto_kr: À konto, kr
select
    akonto.rhf as rhf_orgnr,
    akonto.sektor,
    akonto.maned,
    coalesce(min(region.rhf_name), 'ukjent') as rhf,
    cast(sum(akonto.belop) as decimal(18, 2)) as akonto_kr,
from settled_landing.akonto as akonto
cross join settled_landing.delivery as delivery
left join settled.region as region on region.rhf_orgnr = akonto.rhf
where akonto.maned between strftime(delivery.period_from, '%Y-%m') and strftime(delivery.period_to, '%Y-%m')
group by akonto.rhf, akonto.sektor, akonto.maned
