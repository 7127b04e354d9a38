-- what: the sectors for which the definition set has a logic: it gives some DRG of the sector's list
-- grain: one row per sector
-- key: sector
-- source: docs/grouper.md, Definition tables: how far the tables stand in: some years have no logic for mental health
select distinct sector
from ref.drg
where drg in (select drg from drg_rule)
