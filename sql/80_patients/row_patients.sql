-- what: patients behind each row of the public tables that small numbers are suppressed in
-- grain: one row per row of a table
-- key: row_id
-- source: docs/published-tables.md (numbers below 5 patients)
select
    concat_ws('|', 'gjestepasienter', coalesce(hf_orgnr, ''), coalesce(bosted_rhf_orgnr, ''), sektor) as row_id,
    antall_pasienter as patients,
from gjestepasienter_usladdet
union all
select
    concat_ws('|', 'oppgjor_hf_maned', coalesce(hf_orgnr, ''), sektor, maned) as row_id,
    patients,
from patients_hf_month
union all
select
    concat_ws('|', 'oppgjor_rhf_maned', coalesce(rhf_orgnr, ''), sektor, maned) as row_id,
    patients,
from patients_rhf_month
union all
select
    concat_ws('|', 'grunnlag', steg, arsak, sektor) as row_id,
    patients,
from patients_basis
union all
select
    concat_ws('|', 'poeng_per_regel', regel, sektor, enhet_type) as row_id,
    patients,
from patients_rule
