-- what: how the counts of `grunnlag` follow from each other and from the settlement
-- grain: one row per sum and number in it
-- key: sum_id, number_id
-- source: docs/delivery.md; docs/regelverk.md 1 and 2
with
basis as (
    select
        steg,
        arsak,
        sektor,
        concat_ws('|', 'grunnlag', steg, arsak, sektor, 'antall') as number_id,
    from grunnlag
)

-- Rows in = rows loaded + rows quarantined.
select
    steg as sum_id,
    number_id,
    if(arsak = 'rader inn', -1, 1) as coefficient,
from basis
where starts_with(steg, 'fil:')
union all
-- Every loaded episode and prescription line has one reason.
select
    steg || ': vurdert' as sum_id,
    number_id,
    1 as coefficient,
from basis
where steg in ('episode', 'resept')
union all
select
    if(steg = 'fil:episode', 'episode', 'resept') || ': vurdert' as sum_id,
    number_id,
    -1 as coefficient,
from basis
where steg in ('fil:episode', 'fil:hresept') and arsak = 'lastet'
union all
-- Every included episode is a stay or merged into one.
select
    'opphold: ' || sektor as sum_id,
    number_id,
    if(steg = 'episode', -1, 1) as coefficient,
from basis
where steg = 'opphold' or (steg = 'episode' and arsak = 'included')
union all
-- What is counted is in the settlement tables.
select
    steg || ': ' || sektor || ' tellende' as sum_id,
    number_id,
    1 as coefficient,
from basis
where (steg = 'opphold' and arsak in ('hospital_stay', 'outpatient_stay'))
    or (steg = 'sertjeneste' and arsak = 'counted')
    or (steg = 'forlop' and not starts_with(arsak, 'member: '))
union all
select
    steg || ': ' || sektor || ' tellende' as sum_id,
    number_id,
    -1 as coefficient,
from counted_total
