-- what: quarantined H-resept lines as they would load; without a readable date they lie on the first day of the period
-- grain: one row per quarantined row of the file
-- key: line
-- source: docs/delivery.md; regulation §3.5, §7.7
select
    line,
    coalesce(trim(row_content ->> '$.utleveringID'), '') as utleveringID,
    coalesce(nullif(trim(row_content ->> '$.pasientID'), ''), 'linje ' || line) as pasientID,
    coalesce(try_cast(row_content ->> '$.utleveringsdato' as date), delivery.period_from) as utleveringsdato,
    nullif(upper(trim(row_content ->> '$.atc')), '') as atc,
    nullif(trim(row_content ->> '$.varenr'), '') as varenr,
    nullif(upper(replace(trim(row_content ->> '$.refusjonsKodeResept'), '.', '')), '') as refusjonsKodeResept,
    nullif(upper(replace(trim(row_content ->> '$.refusjonsKodeUtlevering'), '.', '')), '') as refusjonsKodeUtlevering,
    nullif(trim(row_content ->> '$.hf'), '') as hf,
    try_cast(row_content ->> '$.komNrHjem' as integer) as komNrHjem,
    try_cast(row_content ->> '$.fodselsar' as bigint) as fodselsar,
    try_cast(replace(row_content ->> '$.belop', ',', '.') as decimal(18, 6)) as belop,
from landing.quarantine
cross join landing.delivery as delivery
where file = 'hresept' and reason <> 'wrong_field_count'
