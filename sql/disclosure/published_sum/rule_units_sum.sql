-- what: a base rule has as many rows as there are units, which `grunnlag` counts too
-- grain: one row per sum and number in it
-- key: sum_id, number_id
-- source: rulebook section 0
with
counted as (
    select
        case steg
            when 'opphold' then 'stay'
            when 'sertjeneste' then 'service'
            else 'pathway'
        end as unit_type,
        arsak = 'phv_inpatient' as is_block_grant,
        sektor,
        concat_ws('|', 'grunnlag', steg, arsak, sektor, 'antall') as number_id,
    from grunnlag
    where steg in ('opphold', 'sertjeneste', 'forlop')
        and not starts_with(arsak, 'merged_into')
        and not starts_with(arsak, 'member: ')
)

select
    concat_ws('|', 'enheter', kind, unit_type, sector) as sum_id,
    concat_ws('|', 'rule_sum', rule, sector, 'units') as number_id,
    -1 as coefficient,
from rule_sum
where kind in ('base', 'block_grant')
union all
select
    concat_ws('|', 'enheter', 'base', unit_type, sektor) as sum_id,
    number_id,
    1 as coefficient,
from counted
union all
select
    concat_ws('|', 'enheter', 'block_grant', unit_type, sektor) as sum_id,
    number_id,
    1 as coefficient,
from counted
where is_block_grant
