-- what: what became of the rows of each file of the delivery
-- grain: one row per file
-- key: file
-- source: docs/delivery.md
select
    file,
    rows_in,
    rows_loaded,
    rows_quarantined,
from landing.row_account
order by file
