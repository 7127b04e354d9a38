-- what: why rows were set aside
-- grain: one row per file and reason
-- key: file, reason
-- source: docs/delivery.md
-- column first_lines: the first lines set aside for it, three at most
select
    file,
    reason,
    count(*) as rows_quarantined,
    min(line, 3) as first_lines,
from landing.quarantine
group by file, reason
order by file, rows_quarantined desc, reason
