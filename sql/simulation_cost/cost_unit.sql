-- what: what each counted unit costs, in øre, with what others pay for it
-- grain: one row per counted unit with episodes of its own
-- key: unit_type, unit_id
-- source: docs/simulation.md, weights from costs
with
summed as (
    select
        unit_episode.unit_type,
        unit_episode.unit_id,
        count(*) as episodes,
        count(cost.episode_nr) as episodes_with_cost,
        coalesce(sum(cost.ward), 0) as ward,
        coalesce(sum(cost.beside_ward), 0) as beside_ward,
        coalesce(sum(cost.paid_by_patient), 0) as paid_by_patient,
    from unit_episode
    left join cost_episode as cost on cost.episode_nr = unit_episode.episode_nr
    group by unit_episode.unit_type, unit_episode.unit_id
),

known as (
    select
        'stay' as unit_type,
        cast(stay_nr as varchar) as unit_id,
        sector,
        drg as group_code,
        hf_orgnr,
        patient_id,
        if(is_overnight, length_of_stay, null) as nights,
    from stay
    union all
    select
        'service' as unit_type,
        service_id as unit_id,
        sector,
        stg as group_code,
        hf_orgnr,
        patient_id,
        null as nights,
    from service
    union all
    select
        'pathway' as unit_type,
        pathway_id as unit_id,
        sector,
        tfg as group_code,
        hf_orgnr,
        patient_id,
        null as nights,
    from pathway
)

select
    known.*,
    summed.episodes,
    summed.episodes_with_cost,
    cast(summed.ward as bigint) as ward,
    cast(summed.beside_ward as bigint) as beside_ward,
    cast(
        summed.paid_by_patient + coalesce(100 * beside.points * price.unit_price_nok, 0) as bigint
    ) as paid_by_others,
from summed
inner join known on known.unit_type = summed.unit_type and known.unit_id = summed.unit_id
inner join ref.unit_price as price on price.sector = known.sector
left join paid_beside as beside on beside.unit_type = summed.unit_type and beside.unit_id = summed.unit_id
