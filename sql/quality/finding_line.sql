-- what: accepted H-resept lines as a check reports them
-- grain: one row per accepted line
-- key: row_key
-- as: view
-- source: regulation §3.8, §7.7
select
    'hresept' as row_type,
    line.utleveringID as row_key,
    'SOM' as sector,
    line.hf as hf_orgnr,
    cast(null as varchar) as institution_id,
    cast(null as varchar) as unit_id,
    strftime(line.utleveringsdato, '%Y-%m') as month,
    line.atc,
    line.refusjonsKodeResept as prescription_code,
    line.refusjonsKodeUtlevering as dispensing_code,
    line.komNrHjem as municipality_number,
    line.fodselsar as birth_year,
    coalesce(lost_line.points, 0) as lost_points,
from landing.hresept as line
left join lost_line on lost_line.dispensing_id = line.utleveringID
