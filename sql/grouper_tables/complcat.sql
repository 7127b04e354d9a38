-- what: complication categories, and the diagnosis property that activates an inactive one
-- grain: one row per category and activating property
-- key: compl, inclprop
-- source: docs/grouper.md, Definition tables
select distinct
    compl,
    inclprop,
from raw.complcat
where compl is not null
