-- what: the files of the delivery
-- grain: one row per file
-- key: file
-- source: docs/delivery.md
select
    file,
    format,
    rows_in,
    rows_quarantined,
    sha256,
from landing.row_account
order by file
