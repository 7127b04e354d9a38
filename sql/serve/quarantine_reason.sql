-- what: why rows were set aside
-- grain: one row per file and reason
-- key: file, reason
-- source: docs/delivery.md
select
    file,
    reason,
    count(*) as rows_quarantined,
from landing.quarantine
group by file, reason
order by file, rows_quarantined desc, reason
