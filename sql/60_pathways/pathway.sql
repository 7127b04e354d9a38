-- what: pathways (tjenesteforløp)
-- grain: one row per pathway
-- key: pathway_id
-- source: docs/regelverk.md 5; regulation §3.11, §7.18 (TFG)
with
first_member as (
    -- Trust, municipality and region are the first member's; a stay by its first start, a service by its first candidate.
    select *
    from period_member
    qualify row_number() over (partition by pathway_id order by first_s, unit_id, unit_type) = 1
)

select
    pathway_id,
    tfg,
    sector,
    patient_id,
    period,
    -- The date of the first member or the trigger places the pathway in a month.
    period_date,
    null as trigger_stay_id,
    hf_orgnr,
    municipality_number,
    residence_rhf_orgnr,
    base_points,
from first_member
union all
select
    pathway_id,
    tfg,
    sector,
    patient_id,
    period,
    period_date,
    trigger_stay_id,
    hf_orgnr,
    municipality_number,
    residence_rhf_orgnr,
    base_points,
from trigger_member
where role = 'trigger'
