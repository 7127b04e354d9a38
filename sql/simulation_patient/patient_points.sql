-- what: what each patient brings each trust under both sets: all that is paid, and base points in the settled groups
-- grain: one row per patient, trust and region of residence
-- key: sector, hf_orgnr, residence_rhf_orgnr, patient_id
-- source: docs/simulation.md
with
settled as (
    select * from settled_patient_unit where kind = 'base' and unit_type in ('stay', 'service')
),

-- The same units in the same groups, under the weights of both sets; a group that a set lacks keeps its own.
reweighted as (
    select
        settled.sector,
        settled.hf_orgnr,
        settled.residence_rhf_orgnr,
        settled.patient_id,
        coalesce(old.base_points, own.base_points) as before,
        coalesce(new.base_points, own.base_points) as after,
    from settled
    left join settled_group as own
        on own.sector = settled.sector and own.unit_type = settled.unit_type and own.group_code = settled.group_code
    left join baseline_group as old
        on old.sector = settled.sector and old.unit_type = settled.unit_type and old.group_code = settled.group_code
    left join alternative_group as new
        on new.sector = settled.sector and new.unit_type = settled.unit_type and new.group_code = settled.group_code
),

-- Zeroed stays and members of pathways are paid 0; the pathway stands for itself.
paid as (
    select
        sector,
        hf_orgnr,
        residence_rhf_orgnr,
        patient_id,
        points as before,
        cast(0 as decimal(18, 3)) as after,
    from baseline_patient_unit
    where zeroing_rule is null and member_rule is null
    union all
    select
        sector,
        hf_orgnr,
        residence_rhf_orgnr,
        patient_id,
        cast(0 as decimal(18, 3)) as before,
        points as after,
    from alternative_patient_unit
    where zeroing_rule is null and member_rule is null
),

measured as (
    select
        * exclude (before, after),
        before as base_before,
        after as base_after,
        cast(0 as decimal(18, 3)) as full_before,
        cast(0 as decimal(18, 3)) as full_after,
    from reweighted
    union all
    select
        * exclude (before, after),
        cast(0 as decimal(18, 3)) as base_before,
        cast(0 as decimal(18, 3)) as base_after,
        before as full_before,
        after as full_after,
    from paid
)

select
    sector,
    hf_orgnr,
    residence_rhf_orgnr,
    patient_id,
    -- A patient is drawn by this number, whatever rows and trusts there are beside.
    md5_number_lower(patient_id) as draw_number,
    cast(1000 * sum(base_before) as bigint) as base_before,
    cast(1000 * sum(base_after) as bigint) as base_after,
    cast(1000 * sum(full_before) as bigint) as full_before,
    cast(1000 * sum(full_after) as bigint) as full_after,
from measured
group by sector, hf_orgnr, residence_rhf_orgnr, patient_id
