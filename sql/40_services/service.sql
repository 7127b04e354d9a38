-- what: special services (særtjenester): one per patient, STG and period, over all institutions
-- grain: one row per patient, STG and period
-- key: service_id
-- source: docs/regelverk.md 4; regulation §7.7, §7.18 (STG)
-- requires: 7.7
with
ordered as (
    select
        *,
        count(*) over (partition by sector, stg, patient_id, period) as candidates,
        -- The first candidate gives trust, municipality and region (ties: institution, then id; missing trust last).
        row_number() over (
            partition by sector, stg, patient_id, period
            order by first_s, institution_id nulls last, candidate_id, candidate_kind
        ) as candidate_order,
    from service_candidate
),

formed as (
    select
        ordered.stg || '|' || ordered.patient_id || '|' || ordered.period as service_id,
        ordered.stg,
        ordered.patient_id,
        ordered.sector,
        ordered.period,
        ordered.period_date,
        ordered.first_s,
        ordered.candidates,
        ordered.candidate_kind as first_candidate_kind,
        ordered.candidate_id as first_candidate_id,
        ordered.hf_orgnr,
        ordered.municipality_number,
        ordered.residence_rhf_orgnr,
        stg.base_points,
        stg_exclusive_group.exclusive_group,
    from ordered
    inner join ref.stg as stg on stg.sector = ordered.sector and stg.stg = ordered.stg
    left join ref.stg_exclusive_group as stg_exclusive_group on stg_exclusive_group.stg = ordered.stg
    where ordered.candidate_order = 1
),

ranked as (
    select
        *,
        -- §7.7: of an exclusive group only the STG with the highest base points counts per patient and year.
        first_value(stg) over (
            partition by exclusive_group, patient_id, year(period_date) order by base_points desc, stg, service_id
        ) as winning_stg,
    from formed
)

select
    service_id,
    stg,
    patient_id,
    sector,
    period,
    period_date,
    first_s,
    candidates,
    first_candidate_kind,
    first_candidate_id,
    hf_orgnr,
    municipality_number,
    residence_rhf_orgnr,
    exclusive_group,
    case
        when stg = ref.single_code('7.7', 'missing_indication_stg')
            then 'missing_indication'
        when exclusive_group is not null and stg <> winning_stg then 'exclusive_group'
        else 'counted'
    end as status,
    if(exclusive_group is not null and stg <> winning_stg, winning_stg, null) as winning_stg,
    base_points,
from ranked
