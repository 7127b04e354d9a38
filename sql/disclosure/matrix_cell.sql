-- what: the cells of the guest-patient matrix
-- grain: one row per trust, region of residence and sector that occurs
-- key: sektor, hf, rhf
-- as: view
-- source: docs/published-tables.md
select
    sektor,
    coalesce(hf_orgnr, '') as hf,
    coalesce(bosted_rhf_orgnr, '') as rhf,
    concat_ws('|', 'gjestepasienter', coalesce(hf_orgnr, ''), coalesce(bosted_rhf_orgnr, ''), sektor) as row_id,
    antall_opphold,
    isf_poeng,
from gjestepasienter
