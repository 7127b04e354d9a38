-- what: points of the country by kind of unit, by the whole settlement tables
-- grain: one row per kind of unit and sector
-- key: number_id
-- source: delivery contract section 2
with
summed as (
    select
        sektor,
        sum(poeng_opphold) as stay,
        sum(poeng_sertjenester) as service,
        sum(poeng_forlop) as pathway,
    from oppgjor_hf
    group by sektor
),

listed as (
    unpivot summed on stay, service, pathway into name unit_type value points
)

select
    unit_type,
    sektor,
    concat_ws('|', 'landet', unit_type, sektor, 'points') as number_id,
    points,
from listed
