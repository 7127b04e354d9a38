-- what: the one cause of each changed unit
-- grain: one row per changed unit
-- key: unit_type, unit_id
-- source: docs/compare.md (the precedence); regulation §3.5
with
ordered as (
    select
        change.source_kind,
        change.source_id,
        change.cause,
        cause_order.position,
    from source_change as change
    inner join cause_order on cause_order.cause = if(starts_with(change.cause, 'rett_'), 'rett_', change.cause)
),

from_source as (
    select
        looked_at.unit_type,
        looked_at.unit_id,
        arg_min(ordered.cause, (ordered.position, ordered.cause)) as cause,
        min(ordered.position) as position,
    from looked_at_source as looked_at
    inner join ordered on ordered.source_kind = looked_at.source_kind and ordered.source_id = looked_at.source_id
    group by looked_at.unit_type, looked_at.unit_id
),

-- The same episodes make other stays.
composition as (
    select
        state,
        unit_type,
        unit_id,
        string_agg(source_id, ' ' order by source_id) as sources,
    from unit_source
    where unit_type = 'stay'
    group by state, unit_type, unit_id
),

merged as (
    select
        changed.unit_type,
        changed.unit_id,
    from changed_unit as changed
    left join composition as before
        on before.state = 'again' and before.unit_type = changed.unit_type and before.unit_id = changed.unit_id
    left join composition as after
        on after.state = 'later' and after.unit_type = changed.unit_type and after.unit_id = changed.unit_id
    where changed.unit_type = 'stay' and before.sources is distinct from after.sources
),

own as (
    select
        changed.unit_type,
        changed.unit_id,
        case
            when changed.unit_type = 'region' then 'regionalt_trekk'
            when merged.unit_id is not null and coalesce(from_source.position, 1000) > merge_order.position
                then merge_order.cause
            when from_source.cause is not null then from_source.cause
            when changed.is_taken_over_otherwise or changed.unit_type = 'pathway' then 'forlop'
        end as cause,
    from changed_unit as changed
    cross join (select cause, position from cause_order where cause = 'sammenslaing') as merge_order
    left join merged on merged.unit_type = changed.unit_type and merged.unit_id = changed.unit_id
    left join from_source on from_source.unit_type = changed.unit_type and from_source.unit_id = changed.unit_id
),

owner as (
    select distinct unit_type, unit_id, patient_id from unit_source
),

-- A unit may change because another of the patient's did (§7.14, §8.6, exclusive groups): it has that one's cause.
of_patient as (
    select
        owner.patient_id,
        arg_min(own.cause, (cause_order.position, own.cause)) as cause,
    from own
    inner join owner on owner.unit_type = own.unit_type and owner.unit_id = own.unit_id
    inner join cause_order on cause_order.cause = if(starts_with(own.cause, 'rett_'), 'rett_', own.cause)
    where own.cause is not null
    group by owner.patient_id
)

select
    own.unit_type,
    own.unit_id,
    coalesce(own.cause, min(of_patient.cause), 'sammenslaing') as cause,
from own
left join owner on owner.unit_type = own.unit_type and owner.unit_id = own.unit_id
left join of_patient on of_patient.patient_id = owner.patient_id
group by own.unit_type, own.unit_id, own.cause
