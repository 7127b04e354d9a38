-- what: the trusts of the rule set's table: they are expected to report
-- grain: one row per trust
-- key: hf_orgnr
-- source: reference table trust; regulation §3.5
select
    hf_orgnr,
    hf_name,
from ref.trust
