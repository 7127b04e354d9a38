-- what: a base rule has as many rows as there are units, which `grunnlag` counts too
-- grain: one row per sum and number in it
-- key: sum_id, number_id
-- source: rulebook section 0
select
    concat_ws('|', 'enheter', rule, sector) as sum_id,
    concat_ws('|', 'rule_sum', rule, sector, 'units') as number_id,
    -1 as coefficient,
from rule_sum
where rule in ('drg_base', 'stg_base', 'tfg_base', 'phv_inpatient')
union all
select
    concat_ws(
        '|',
        'enheter',
        case
            when steg = 'opphold' then 'drg_base'
            when steg = 'sertjeneste' then 'stg_base'
            else 'tfg_base'
        end,
        sektor
    ) as sum_id,
    concat_ws('|', 'grunnlag', steg, arsak, sektor, 'antall') as number_id,
    1 as coefficient,
from grunnlag
where steg in ('opphold', 'sertjeneste', 'forlop')
    and not starts_with(arsak, 'merged_into')
    and not starts_with(arsak, 'member: ')
union all
select
    concat_ws('|', 'enheter', 'phv_inpatient', sektor) as sum_id,
    concat_ws('|', 'grunnlag', steg, arsak, sektor, 'antall') as number_id,
    1 as coefficient,
from grunnlag
where steg = 'opphold' and arsak = 'phv_inpatient'
