-- what: the allocation of result-based financing per region
-- title: Fordeling per RHF
-- grain: one row per region
-- key: rhf_orgnr
-- adds: belop_kr, basis_kr, differanse_kr
-- source: the year's scheme under reference_data
-- column rhf_orgnr: organisation number of the region
-- heading rhf_orgnr: RHF, org.nr
-- column rhf: name of the region
-- heading rhf: RHF
-- column belop_kr: the region's amount
-- heading belop_kr: Beløp, kr
-- column basis_kr: the amount by basis grant alone
-- heading basis_kr: Etter basisbevilgning, kr
-- column differanse_kr: amount less amount by basis grant
-- heading differanse_kr: Differanse, kr
select
    rhf_orgnr,
    rhf,
    cast(sum(belop_kr) as decimal(18, 2)) as belop_kr,
    cast(sum(basis_kr) as decimal(18, 2)) as basis_kr,
    cast(sum(differanse_kr) as decimal(18, 2)) as differanse_kr,
from rbf_fordeling
group by rhf_orgnr, rhf
