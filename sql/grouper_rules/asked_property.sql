-- what: the properties that some rule asks for; all others are left out of the work
-- grain: one row per kind and property
-- key: property_nr
-- source: docs/grouper.md, How it is computed
select
    cast(row_number() over (order by kind, property) as integer) as property_nr,
    kind,
    property,
from (select distinct kind, property from rule_property) as asked
