-- what: a base rule has as many rows as there are units, which `grunnlag` counts too
-- grain: one row per sum and number in it
-- key: sum_id, number_id
-- source: docs/regelverk.md 0
with
counted as (
    select
        steg as enhet_type,
        arsak = 'phv_inpatient' as is_block_grant,
        sektor,
        concat_ws('|', 'grunnlag', steg, arsak, sektor, 'antall') as number_id,
    from grunnlag
    where steg in ('opphold', 'sertjeneste', 'forlop')
        and not starts_with(arsak, 'merged_into')
        and not starts_with(arsak, 'member: ')
)

select
    concat_ws('|', 'enheter', virkning, enhet_type, sektor) as sum_id,
    concat_ws('|', 'poeng_per_regel', regel, sektor, enhet_type, 'antall_enheter') as number_id,
    -1 as coefficient,
from poeng_per_regel
where virkning in ('base', 'block_grant')
union all
select
    concat_ws('|', 'enheter', 'base', enhet_type, sektor) as sum_id,
    number_id,
    1 as coefficient,
from counted
where exists (select 1 from poeng_per_regel)
union all
select
    concat_ws('|', 'enheter', 'block_grant', enhet_type, sektor) as sum_id,
    number_id,
    1 as coefficient,
from counted
where is_block_grant and exists (select 1 from poeng_per_regel)
