-- what: the allocation of result-based financing per region
-- grain: one row per region
-- key: rhf_orgnr
-- source: the year's scheme under reference_data
-- column rhf_orgnr: organisation number of the region
-- column rhf: name of the region
-- column belop_kr: the region's amount
-- column basis_kr: the amount by basis grant alone
-- column differanse_kr: amount less amount by basis grant
select
    rhf_orgnr,
    rhf,
    cast(sum(belop_kr) as decimal(18, 2)) as belop_kr,
    cast(sum(basis_kr) as decimal(18, 2)) as basis_kr,
    cast(sum(differanse_kr) as decimal(18, 2)) as differanse_kr,
from rbf_fordeling
group by rhf_orgnr, rhf
order by rhf_orgnr
