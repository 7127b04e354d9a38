-- what: units counted in the country, by the whole settlement tables
-- grain: one row per kind of unit and sector
-- key: number_id
-- source: docs/published-tables.md
with
counted as (
    select
        sektor,
        sum(antall_opphold) as opphold,
        sum(antall_sertjenester) as sertjeneste,
        sum(antall_forlop) as forlop,
    from oppgjor_hf
    group by sektor
),

listed as (
    unpivot counted on opphold, sertjeneste, forlop into name steg value number
)

select
    steg,
    sektor,
    concat_ws('|', 'landet', steg, sektor) as number_id,
    cast(number as bigint) as number,
from listed
