-- what: the settlements to try: a finding put right in one way, alone
-- grain: one row per finding and way (variant) in which something changes
-- key: clone_nr
-- source: docs/quality/README.md
-- Number 0 is kept for the patients as they were reported.
select
    row_number() over (order by finding_nr, variant) as clone_nr,
    finding_nr,
    variant,
from (select distinct finding_nr, variant from change where file <> 'none')
