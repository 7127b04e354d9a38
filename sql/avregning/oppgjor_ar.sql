-- what: the final settlement of the year per region of residence
-- title: Årsoppgjør per RHF
-- grain: one row per region and sector
-- key: rhf_orgnr, sektor
-- adds: refusjon_budsjett_kr, virkning_pris_kr, refusjon_kr, korreksjon_kr, akonto_kr, saldo_kr
-- product refusjon_budsjett_kr: isf_poeng, budsjettpris, isf_andel
-- product refusjon_kr: isf_poeng, enhetspris, isf_andel
-- source: regulation §2.3, §3.9, §3.10.1, §3.11
-- column rhf_orgnr: organisation number of the region
-- heading rhf_orgnr: RHF, org.nr
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column rhf: name of the region
-- heading rhf: RHF
-- column isf_poeng: points of the year
-- heading isf_poeng: ISF-poeng
-- column budsjettpris: unit price of the budget
-- heading budsjettpris: Budsjettpris, kr
-- column enhetspris: decided unit price
-- heading enhetspris: Endelig enhetspris, kr
-- column isf_andel: share financed by ISF
-- heading isf_andel: ISF-andel
-- column refusjon_budsjett_kr: refund at the budget's price
-- heading refusjon_budsjett_kr: Refusjon til budsjettpris, kr
-- column virkning_pris_kr: effect of the decided price
-- heading virkning_pris_kr: Virkning av prisen, kr
-- column refusjon_kr: refund at the decided price
-- heading refusjon_kr: Refusjon til endelig pris, kr
-- column korreksjon_kr: corrections
-- heading korreksjon_kr: Korreksjoner, kr
-- column akonto_kr: advances paid
-- heading akonto_kr: À konto, kr
-- column saldo_kr: refund and corrections less advances
-- heading saldo_kr: Saldo, kr
with
corrected as (
    select
        rhf_orgnr,
        sektor,
        sum(kroner) as kroner,
    from korreksjon
    group by rhf_orgnr, sektor
),

priced as (
    select
        settled.rhf_orgnr,
        settled.sektor,
        settled.rhf,
        settled.isf_poeng,
        price.budget_price_nok,
        price.unit_price_nok,
        price.isf_share,
        cast(round(settled.isf_poeng * price.budget_price_nok * price.isf_share, 2) as decimal(18, 2)) as budget_nok,
        cast(round(settled.isf_poeng * price.unit_price_nok * price.isf_share, 2) as decimal(18, 2)) as refund_nok,
        cast(coalesce(corrected.kroner, 0) as decimal(18, 2)) as correction_nok,
        settled.akonto_kr,
    from settled.oppgjor_rhf as settled
    cross join settled_landing.delivery as delivery
    inner join year_price as price on price.activity_year = delivery.year and price.sector = settled.sektor
    left join corrected on corrected.rhf_orgnr = settled.rhf_orgnr and corrected.sektor = settled.sektor
)

select
    rhf_orgnr,
    sektor,
    rhf,
    isf_poeng,
    budget_price_nok as budsjettpris,
    unit_price_nok as enhetspris,
    isf_share as isf_andel,
    budget_nok as refusjon_budsjett_kr,
    cast(refund_nok - budget_nok as decimal(18, 2)) as virkning_pris_kr,
    refund_nok as refusjon_kr,
    correction_nok as korreksjon_kr,
    akonto_kr,
    cast(refund_nok + correction_nok - akonto_kr as decimal(18, 2)) as saldo_kr,
from priced
