-- what: H-resept lines that give no points, and the service they would give if the missing value were present
-- grain: one row per line without valid indication or with unknown municipality
-- key: dispensing_id
-- source: regulation §7.7, §4.2
with
missing as (
    select
        dispensing_id,
        patient_id,
        dispensing_date,
        atc,
        reason,
        -- A line with an indication but no municipality has its own service already.
        if(reason = 'missing_indication', null, stg) as own_stg,
    from prescription
    where reason in ('missing_indication', 'unknown_municipality')
),

counted as (
    select
        atc,
        stg,
        count(*) as lines,
    from prescription
    where reason = 'included' and atc is not null
    group by atc, stg
),

-- The service the ATC code most often gives; if this code has none, that of its therapeutic group.
usual as (
    select atc, stg from counted qualify row_number() over (partition by atc order by lines desc, stg) = 1
),

usual_group as (
    select
        atc[:4] as atc_group,
        stg,
    from counted
    group by atc_group, stg
    qualify row_number() over (partition by atc_group order by sum(lines) desc, stg) = 1
),

likely as (
    select
        missing.*,
        coalesce(missing.own_stg, usual.stg, usual_group.stg) as stg,
    from missing
    left join usual on usual.atc = missing.atc
    left join usual_group on usual_group.atc_group = missing.atc[:4]
),

dated as (
    select
        likely.*,
        stg.base_points,
        stg_exclusive_group.exclusive_group,
        case stg_period.period
            when 'month' then strftime(likely.dispensing_date, '%Y-%m')
            when 'tertial' then year(likely.dispensing_date) || '-T' || ((month(likely.dispensing_date) + 3) // 4)
            else cast(year(likely.dispensing_date) as varchar)
        end as period,
    from likely
    left join ref.stg as stg on stg.stg = likely.stg and stg.sector = 'SOM'
    left join stg_period on stg_period.stg = likely.stg
    left join ref.stg_exclusive_group as stg_exclusive_group on stg_exclusive_group.stg = likely.stg
),

-- What the patient already has: the same service in the period, or one of the same exclusive group in the year.
own_service as (
    select patient_id, stg, period from service where status = 'counted'
),

own_group as (
    select distinct patient_id, exclusive_group from service where exclusive_group is not null and status = 'counted'
)

select
    dated.dispensing_id,
    dated.reason,
    dated.stg,
    cast(
        case
            when own_service.patient_id is not null or own_group.patient_id is not null then 0
            -- One service per patient and period, and one STG of an exclusive group: the first line earns it.
            when row_number() over (
                partition by dated.patient_id, coalesce('group ' || dated.exclusive_group, dated.stg), dated.period
                order by dated.dispensing_date, dated.dispensing_id
            ) > 1 then 0
            else coalesce(dated.base_points, 0)
        end as decimal(18, 3)
    ) as points,
from dated
left join own_service
    on own_service.patient_id = dated.patient_id
    and own_service.stg = dated.stg
    and own_service.period = dated.period
left join own_group
    on own_group.patient_id = dated.patient_id and own_group.exclusive_group = dated.exclusive_group
