-- what: the allocation of result-based financing per region and indicator
-- title: Fordeling per RHF og indikator
-- grain: one row per region and indicator
-- key: rhf_orgnr, indikator
-- adds: belop_kr, basis_kr, differanse_kr
-- source: the year's scheme under reference_data
-- column rhf_orgnr: organisation number of the region
-- heading rhf_orgnr: RHF, org.nr
-- column indikator: short name of the indicator
-- heading indikator: Indikator (kortnavn)
-- column rhf: name of the region
-- heading rhf: RHF
-- column tittel: the indicator's published name
-- heading tittel: Indikator
-- column kilde: npr (computed from the delivery) or nki (from the file)
-- heading kilde: Kilde
-- column teller: contacts or patients that the indicator counts
-- heading teller: Teller
-- column nevner: contacts or patients in all
-- heading nevner: Nevner
-- column oppnaelse: numerator ÷ denominator, nine decimals
-- heading oppnaelse: Måloppnåelse
-- column maltall: the target
-- heading maltall: Måltall
-- column poeng: points of the indicator
-- heading poeng: Poeng
-- column belop_kr: the region's amount
-- heading belop_kr: Beløp, kr
-- column basis_kr: the amount by basis grant alone
-- heading basis_kr: Etter basisbevilgning, kr
-- column differanse_kr: amount less amount by basis grant
-- heading differanse_kr: Differanse, kr
-- column ett_prosentpoeng_kr: what one percentage point more of achievement would add, the others unchanged
-- heading ett_prosentpoeng_kr: Ett prosentpoeng mer, kr
with
amount as (
    select
        run,
        indicator,
        rhf_orgnr,
        sum(ore) as ore,
    from portion
    group by run, indicator, rhf_orgnr
)

select
    amount.rhf_orgnr,
    amount.indicator as indikator,
    grant_of.rhf,
    indicator.title as tittel,
    indicator.source as kilde,
    achievement.numerator as teller,
    achievement.denominator as nevner,
    cast(cast(result.achievement_e9 as decimal(18, 0)) * 0.000000001 as decimal(18, 9)) as oppnaelse,
    indicator.target as maltall,
    indicator.points as poeng,
    cast(cast(amount.ore as decimal(24, 0)) * 0.01 as decimal(18, 2)) as belop_kr,
    cast(cast(basis.ore as decimal(24, 0)) * 0.01 as decimal(18, 2)) as basis_kr,
    cast(cast(amount.ore - basis.ore as decimal(24, 0)) * 0.01 as decimal(18, 2)) as differanse_kr,
    cast(cast(raised.ore - amount.ore as decimal(24, 0)) * 0.01 as decimal(18, 2)) as ett_prosentpoeng_kr,
from amount
inner join result
    on result.run = amount.run and result.indicator = amount.indicator and result.rhf_orgnr = amount.rhf_orgnr
inner join rbf.indicator as indicator on indicator.indicator = amount.indicator
inner join rbf.basis_grant as grant_of on grant_of.rhf_orgnr = amount.rhf_orgnr
inner join achievement
    on achievement.indicator = amount.indicator
    and achievement.rhf_orgnr = amount.rhf_orgnr
    and achievement.hf_orgnr is null
inner join basis_portion as basis on basis.indicator = amount.indicator and basis.rhf_orgnr = amount.rhf_orgnr
inner join amount as raised
    on raised.run = amount.rhf_orgnr || ' ' || amount.indicator and raised.rhf_orgnr = amount.rhf_orgnr
where amount.run = 'as_is'
