-- what: how rows became counted units: files, funnel, stays, services, pathways, and the balances between them
-- title: Fra rader i filene til tellende enheter
-- sheet: Beregningsgrunnlaget
-- grain: one row per step, reason and sector
-- key: steg, arsak, sektor
-- hides: antall
-- source: docs/delivery.md, docs/published-tables.md; docs/regelverk.md 1
-- column steg varchar: the step: fil:<table>, episode, resept, opphold, sertjeneste, forlop or balanse
-- column arsak varchar: the reason or kind within the step
-- column sektor varchar: SOM, PHVTSB or alle (files and balances)
-- column antall bigint: number of rows; a balance is the difference between what went in and what came out, always 0
with
file as (
    select
        'fil:' || file as steg,
        arsak,
        'alle' as sektor,
        antall,
    from (
        select file, 'rader inn' as arsak, rows_in as antall from landing.row_account
        union all
        select file, 'lastet' as arsak, rows_loaded as antall from landing.row_account
        union all
        select file, 'karantene: ' || reason as arsak, count(*) as antall from landing.quarantine group by file, reason
    )
),

funnel as (
    select
        'episode' as steg,
        reason as arsak,
        sector as sektor,
        count(*) as antall,
    from episode
    group by reason, sector
),

prescription_line as (
    select
        'resept' as steg,
        reason as arsak,
        'SOM' as sektor,
        count(*) as antall,
    from prescription
    group by reason
),

stay_kind as (
    select
        'opphold' as steg,
        case
            when is_phv_inpatient then 'phv_inpatient'
            when has_department_stay then 'hospital_stay'
            else 'outpatient_stay'
        end as arsak,
        sector as sektor,
        count(*) as antall,
    from stay
    group by arsak, sektor
),

merged as (
    select
        'opphold' as steg,
        'merged_into_another' as arsak,
        sector as sektor,
        sum(episodes - 1) as antall,
    from stay
    group by sector
),

service_status as (
    select
        'sertjeneste' as steg,
        status as arsak,
        sector as sektor,
        count(*) as antall,
    from service
    group by status, sector
),

service_merged as (
    select
        'sertjeneste' as steg,
        'merged_into_first' as arsak,
        sector as sektor,
        sum(candidates - 1) as antall,
    from service
    group by sector
),

pathway_kind as (
    select
        'forlop' as steg,
        tfg as arsak,
        sector as sektor,
        count(*) as antall,
    from pathway
    group by tfg, sector
),

member_kind as (
    select
        'forlop' as steg,
        'member: ' || unit_type as arsak,
        'SOM' as sektor,
        count(*) as antall,
    from pathway_member
    group by unit_type
),

balance as (
    select
        'balanse' as steg,
        arsak,
        'alle' as sektor,
        antall,
    from (
        select
            'fil ' || file || ': inn = lastet + karantene' as arsak,
            rows_in - rows_loaded - rows_quarantined as antall,
        from landing.row_account
        union all
        select
            'episoder: lastet = vurdert' as arsak,
            (select count(*) from landing.episode) - (select count(*) from episode) as antall,
        union all
        select
            'episoder: inkludert = i opphold' as arsak,
            (select count(*) from episode where reason = 'included') - (select coalesce(sum(episodes), 0) from stay) as antall,
        union all
        select
            'resept: lastet = vurdert' as arsak,
            (select count(*) from landing.hresept) - (select count(*) from prescription) as antall,
        union all
        select
            'særtjenester: kandidater = særtjenester + slått sammen' as arsak,
            (select count(*) from service_candidate) - (select coalesce(sum(candidates), 0) from service) as antall,
    )
)

select
    steg,
    arsak,
    sektor,
    cast(coalesce(antall, 0) as bigint) as antall,
from (
    select * from file
    union all
    select * from funnel
    union all
    select * from prescription_line
    union all
    select * from stay_kind
    union all
    select * from merged
    union all
    select * from service_status
    union all
    select * from service_merged
    union all
    select * from pathway_kind
    union all
    select * from member_kind
    union all
    select * from balance
)
