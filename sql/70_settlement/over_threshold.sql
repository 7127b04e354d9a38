-- what: files with a larger share of quarantined rows, and columns with a larger share of values that cannot be read, than a settlement may be published with
-- grain: one row per such file, and per such column
-- key: file, column_name
-- as: view
-- source: docs/delivery.md; regulation §3.5
-- requires: 3.5
with
share as (
    select
        file,
        null as column_name,
        rows_quarantined as faulty,
        rows_in as given,
    from landing.row_account
    union all
    -- Of the rows loaded, whether a rule reads the column or not: a wrong format would silently move money.
    select
        file,
        column_name,
        values_unparsed as faulty,
        values_given as given,
    from landing.value_account
)

select
    file,
    column_name,
    faulty,
    given,
    ref.points('3.5', 'quarantine_threshold') as threshold,
from share
where faulty > ref.points('3.5', 'quarantine_threshold') * given
