-- what: the regions by name, in the baseline
-- grain: one row per region
-- key: rhf_orgnr
-- as: view
-- source: docs/rule-sets.md
select distinct
    rhf_orgnr,
    rhf_name,
from baseline_trust
