-- what: accepted H-resept lines as a check reads them
-- grain: one row per accepted line
-- key: dispensing_id
-- as: view
-- source: regulation §3.8, §7.7
select
    utleveringID as dispensing_id,
    pasientID as patient_id,
    utleveringsdato as dispensing_date,
    hf as hf_orgnr,
    atc,
    varenr as item_number,
    belop as amount,
    refusjonsKodeResept as prescription_code,
    refusjonsKodeUtlevering as dispensing_code,
    komNrHjem as municipality_number,
    fodselsar as birth_year,
from landing.hresept
