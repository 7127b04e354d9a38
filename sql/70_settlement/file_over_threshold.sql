-- what: files with a larger share of quarantined rows than a settlement may be published with
-- grain: one row per such file
-- key: file
-- as: view
-- source: delivery contract section 1; regulation §3.5
-- requires: 3.5
select
    file,
    rows_in,
    rows_quarantined,
    ref.points('3.5', 'quarantine_threshold') as threshold,
from landing.row_account
where rows_quarantined > ref.points('3.5', 'quarantine_threshold') * rows_in
