-- what: the year by month per region: delivered months with what is expected late, and months to come
-- title: Prognose per måned
-- grain: one row per region, sector and month
-- key: bosted_rhf_orgnr, sektor, maned
-- source: docs/prognosis.md
-- column bosted_rhf_orgnr: organisation number of the region of the patient's residence
-- heading bosted_rhf_orgnr: RHF, org.nr
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column maned: month, YYYY-MM; empty for the regional deduction (§7.2.1)
-- heading maned: Måned
-- column rhf: name of the region
-- heading rhf: RHF
-- column poeng_levert: points delivered
-- heading poeng_levert: Poeng levert
-- column poeng_etterslep: what the final delivery is expected to add
-- heading poeng_etterslep: Ventet etterslep
-- column poeng_rest: points expected in a month to come
-- heading poeng_rest: Poeng som ventes
-- column poeng: the sum
-- heading poeng: Poeng
select
    cell.rhf_orgnr as bosted_rhf_orgnr,
    cell.sector as sektor,
    if(cell.month is null, null, format('{}-{:02d}', delivery.year, cell.month)) as maned,
    coalesce(min(region.rhf_name), 'ukjent') as rhf,
    cast(coalesce(sum(cell.points) filter (where cell.part = 'levert'), 0) as decimal(18, 3)) as poeng_levert,
    cast(coalesce(sum(cell.points) filter (where cell.part = 'etterslep'), 0) as decimal(18, 3)) as poeng_etterslep,
    cast(coalesce(sum(cell.points) filter (where cell.part = 'rest'), 0) as decimal(18, 3)) as poeng_rest,
    cast(sum(cell.points) as decimal(18, 3)) as poeng,
from prognosis_cell as cell
cross join settled_landing.delivery as delivery
left join settled.region as region on region.rhf_orgnr = cell.rhf_orgnr
group by cell.rhf_orgnr, cell.sector, cell.month, delivery.year
