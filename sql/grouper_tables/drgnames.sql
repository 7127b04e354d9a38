-- what: the chapter (HDG) of each DRG
-- grain: one row per DRG
-- key: drg
-- source: docs/grouper.md, Definition tables: the first row of a DRG counts
select
    drg,
    arg_min(mdc, row_nr) as mdc,
from (
    -- arg_min passes over empty values: a first row without a chapter is one.
    select drg, coalesce(mdc, '') as mdc, row_nr from raw.drgnames
) as named
group by drg
