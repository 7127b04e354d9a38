-- what: the treating trusts of the published settlement, with the region that owns them or has the contract
-- title: Behandlende HF
-- grain: one row per trust; one without number for what was reported without
-- key: hf_orgnr
-- source: docs/export.md
-- column hf_orgnr varchar: organisation number of the trust
-- column hf varchar: its name
-- column rhf_orgnr varchar: organisation number of its region
-- column rhf varchar: name of its region
select distinct
    trust.hf_orgnr,
    trust.hf,
    trust.rhf_orgnr,
    region.rhf,
from oppgjor_hf as trust
left join dim_rhf as region on region.rhf_orgnr = trust.rhf_orgnr
