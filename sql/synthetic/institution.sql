-- what: reporting institutions
-- grain: one row per inst_nr
-- key: inst_nr
-- source: docs/synthetic-data.md
select
    row_number() over (order by institution)::integer as inst_nr,
    institution,
    hf_orgnr as hf,
    name,
    type,
    share_som,
    share_phv
from syn.institutions
order by inst_nr
