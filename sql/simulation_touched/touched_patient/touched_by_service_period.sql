-- what: patients with services that count in another period, or that the other set lacks
-- grain: one row per patient and candidate
-- key: patient_id
-- source: docs/regelverk.md 4; regulation §7.18 (STG)
with
removed as (
    select sector, stg from ref.stg except select sector, stg from other.stg
),

changed as (
    select before.stg
    from stg_period as before
    left join other_stg_period as after on after.stg = before.stg
    where after.period is distinct from before.period
)

select
    'service_period' as cause,
    patient_id,
from service_candidate
where stg in (select stg from changed) or (sector, stg) in (select (sector, stg) from removed)
