-- what: points of the country by kind of unit, by the whole settlement tables
-- grain: one row per kind of unit and sector
-- key: number_id
-- source: docs/published-tables.md
with
summed as (
    select
        sektor,
        sum(poeng_opphold) as opphold,
        sum(poeng_sertjenester) as sertjeneste,
        sum(poeng_forlop) as forlop,
    from oppgjor_hf
    group by sektor
),

listed as (
    unpivot summed on opphold, sertjeneste, forlop into name enhet_type value points
)

select
    enhet_type,
    sektor,
    concat_ws('|', 'landet', enhet_type, sektor, 'poeng') as number_id,
    points,
from listed
