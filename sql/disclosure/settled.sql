-- what: the numbers of the whole settlement tables that the matrix adds up to
-- grain: one row per table, trust or region, sector and column
-- key: number_id
-- source: docs/published-tables.md
with
hf as (
    select
        'hf' as side,
        coalesce(hf_orgnr, '') as place,
        sektor,
        cast(antall_opphold as decimal(18, 3)) as antall_opphold,
        poeng_opphold,
        poeng_sertjenester,
        poeng_forlop,
        -- Without the regional deduction, which belongs to no trust.
        poeng_opphold + poeng_sertjenester + poeng_forlop as isf_poeng,
    from oppgjor_hf
),

rhf as (
    select
        'rhf' as side,
        coalesce(rhf_orgnr, '') as place,
        sektor,
        cast(antall_opphold as decimal(18, 3)) as antall_opphold,
        poeng_opphold,
        poeng_sertjenester,
        poeng_forlop,
        -- Without the regional deduction, which belongs to no trust.
        poeng_opphold + poeng_sertjenester + poeng_forlop as isf_poeng,
    from oppgjor_rhf
),

both_sides as (
    select * from hf
    union all
    select * from rhf
),

listed as (
    unpivot both_sides on antall_opphold, poeng_opphold, poeng_sertjenester, poeng_forlop, isf_poeng into name part value number
)

select
    side,
    place,
    sektor,
    part,
    concat_ws('|', 'oppgjor_' || side, place, sektor, part) as number_id,
    number,
from listed
