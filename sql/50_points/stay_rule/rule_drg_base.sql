-- what: base points of the stay's DRG
-- grain: one row per stay
-- key: stay_nr
-- as: view
-- source: docs/regelverk.md 3, drg_base; regulation §3.11
-- requires: drg_base
select
    stay_nr,
    rule,
    kind,
    points,
from stay_base
