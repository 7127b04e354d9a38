-- what: the change from the preliminary to the final allocation, explained by indicator
-- title: Endring fra foreløpig til endelig fordeling
-- sheet: Fra foreløpig til endelig
-- grain: one row per region and indicator
-- key: rhf_orgnr, indikator
-- source: the year's scheme under reference_data: the final allocation is computed from the whole year
-- column rhf_orgnr: organisation number of the region
-- heading rhf_orgnr: RHF, org.nr
-- column indikator: short name of the indicator
-- heading indikator: Indikator (kortnavn)
-- column rhf: name of the region
-- heading rhf: RHF
-- column tittel: the indicator's published name
-- heading tittel: Indikator
-- column oppnaelse_fra: achievement in the preliminary allocation
-- heading oppnaelse_fra: Måloppnåelse, foreløpig
-- column oppnaelse_til: achievement in the final allocation
-- heading oppnaelse_til: Måloppnåelse, endelig
-- column belop_fra_kr: amount in the preliminary allocation
-- heading belop_fra_kr: Foreløpig, kr
-- column belop_til_kr: amount in the final allocation
-- heading belop_til_kr: Endelig, kr
-- column endring_kr: final less preliminary
-- heading endring_kr: Endring, kr
select
    final.rhf_orgnr,
    final.indikator,
    final.rhf,
    final.tittel,
    earlier.oppnaelse as oppnaelse_fra,
    final.oppnaelse as oppnaelse_til,
    earlier.belop_kr as belop_fra_kr,
    final.belop_kr as belop_til_kr,
    cast(final.belop_kr - earlier.belop_kr as decimal(18, 2)) as endring_kr,
from rbf_fordeling as final
inner join earlier on earlier.rhf_orgnr = final.rhf_orgnr and earlier.indikator = final.indikator
