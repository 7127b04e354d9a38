-- what: which sources a changed unit is judged by: its own in both deliveries, and those of the stays that hold the same episodes in the other delivery
-- grain: one row per changed unit and source
-- key: unit_type, unit_id, source_kind, source_id
-- source: regulation §3.5
with
own as (
    select distinct
        source.unit_type,
        source.unit_id,
        source.source_kind,
        source.source_id,
    from unit_source as source
    inner join changed_unit on changed_unit.unit_type = source.unit_type and changed_unit.unit_id = source.unit_id
),

-- A stay is named by its first episode: where that changes, the same care has another name in the other delivery.
neighbour as (
    select distinct
        own.unit_type,
        own.unit_id,
        theirs.source_kind,
        theirs.source_id,
    from own
    inner join unit_source as ours
        on ours.unit_type = 'stay' and ours.source_kind = own.source_kind and ours.source_id = own.source_id
    inner join unit_source as theirs
        on theirs.state = ours.state and theirs.unit_type = ours.unit_type and theirs.unit_id = ours.unit_id
    where own.unit_type = 'stay'
)

select unit_type, unit_id, source_kind, source_id from own
union
select unit_type, unit_id, source_kind, source_id from neighbour
