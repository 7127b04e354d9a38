-- what: the indicators per treating trust, for information: nothing is allocated to trusts
-- title: Indikatorene per behandlende HF (til orientering)
-- sheet: Indikatorene per HF
-- grain: one row per trust and indicator that the register gives
-- key: hf_orgnr, indikator
-- source: the year's scheme under reference_data
-- column hf_orgnr: organisation number of the treating trust, or of the region for its agreements
-- heading hf_orgnr: HF, org.nr
-- column indikator: short name of the indicator
-- heading indikator: Indikator (kortnavn)
-- column hf: name of the trust
-- heading hf: HF
-- column rhf_orgnr: organisation number of its region
-- heading rhf_orgnr: RHF, org.nr
-- column tittel: the indicator's published name
-- heading tittel: Indikator
-- column teller: contacts or patients that the indicator counts
-- heading teller: Teller
-- column nevner: contacts or patients in all
-- heading nevner: Nevner
-- column oppnaelse: numerator ÷ denominator, nine decimals
-- heading oppnaelse: Måloppnåelse
-- column maltall: the target
-- heading maltall: Måltall
select
    achievement.hf_orgnr,
    achievement.indicator as indikator,
    coalesce(trust.hf_name, grant_of.rhf) as hf,
    achievement.rhf_orgnr,
    indicator.title as tittel,
    achievement.numerator as teller,
    achievement.denominator as nevner,
    cast(
        cast(
            (2 * cast(achievement.numerator as hugeint) * 1000000000 + achievement.denominator)
            // (2 * cast(achievement.denominator as hugeint)) as decimal(18, 0)
        ) * 0.000000001 as decimal(18, 9)
    ) as oppnaelse,
    indicator.target as maltall,
from achievement
inner join rbf.indicator as indicator on indicator.indicator = achievement.indicator
left join ref.trust as trust on trust.hf_orgnr = achievement.hf_orgnr
left join rbf.basis_grant as grant_of on grant_of.rhf_orgnr = achievement.hf_orgnr
where achievement.hf_orgnr is not null
