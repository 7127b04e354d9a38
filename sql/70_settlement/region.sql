-- what: the regions (RHF) of the trust register
-- grain: one row per region
-- key: rhf_orgnr
-- as: view
-- source: reference table trust
select distinct
    rhf_orgnr,
    rhf_name,
from ref.trust
