-- what: how many rows each check could have failed, per unit
-- grain: one row per kind of denominator, sector, trust, institution and unit
-- key: denominator, sector, hf_orgnr, institution_id, unit_id
-- source: regulation §3.8
select
    denominator,
    sector,
    coalesce(hf_orgnr, '') as hf_orgnr,
    institution_id,
    unit_id,
    rows_counted,
from denominator
