-- what: base points of the stay's DRG, with what the ledger says of the stay
-- grain: one row per stay
-- key: stay_nr
-- as: view
-- source: docs/regelverk.md 3, drg_base; regulation §3.11
-- requires: drg_base
select
    stay_nr,
    stay_id,
    'drg_base' as rule,
    'base' as kind,
    sector,
    hf_orgnr,
    residence_rhf_orgnr,
    drg,
    end_date,
    base_points as points,
from stay
