-- what: the regions of the published settlement
-- title: Regioner
-- grain: one row per region
-- key: rhf_orgnr
-- source: docs/export.md
-- column rhf_orgnr varchar: organisation number of the region
-- column rhf varchar: its name
select distinct
    rhf_orgnr,
    rhf,
from oppgjor_rhf
