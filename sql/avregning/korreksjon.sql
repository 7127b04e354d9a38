-- what: the corrections that the settlement committee has decided, in kroner
-- title: Korreksjoner
-- grain: one row per correction
-- key: nr
-- adds: kroner
-- source: regulation §2.3, §3.9
-- column nr: number in the file of decisions
-- heading nr: Nr.
-- column rhf_orgnr: organisation number of the region
-- heading rhf_orgnr: RHF, org.nr
-- column rhf: name of the region
-- heading rhf: RHF
-- column hf_orgnr: organisation number of the trust, where the correction is of one
-- heading hf_orgnr: HF, org.nr
-- column hf: name of that trust
-- heading hf: HF
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column aktivitetsar: the year that the correction is of
-- heading aktivitetsar: Aktivitetsår
-- column poeng: points, where the correction is in points
-- heading poeng: Poeng
-- column enhetspris: unit price of that year, where the correction is in points
-- heading enhetspris: Enhetspris, kr
-- column isf_andel: share financed by ISF that year, where the correction is in points
-- heading isf_andel: ISF-andel
-- column kroner: the correction in kroner: points × that year's price × share, two decimals, or as decided
-- heading kroner: Kroner
-- column begrunnelse: why
-- heading begrunnelse: Begrunnelse
-- column referanse: the decision
-- heading referanse: Referanse
select
    correction.nr,
    correction.rhf as rhf_orgnr,
    region.rhf_name as rhf,
    correction.hf as hf_orgnr,
    provider.hf_name as hf,
    correction.sector as sektor,
    correction.year as aktivitetsar,
    correction.points as poeng,
    if(correction.points is null, null, price.unit_price_nok) as enhetspris,
    if(correction.points is null, null, price.isf_share) as isf_andel,
    cast(
        coalesce(correction.kroner, round(correction.points * price.unit_price_nok * price.isf_share, 2)) as decimal(18, 2)
    ) as kroner,
    correction.reason as begrunnelse,
    correction.reference as referanse,
from decision.correction as correction
left join settled.region as region on region.rhf_orgnr = correction.rhf
left join settled.provider as provider on provider.hf_orgnr = correction.hf
left join year_price as price
    on price.activity_year = correction.year and price.sector = correction.sector
