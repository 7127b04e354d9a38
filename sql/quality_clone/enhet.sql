-- what: the units, and those that a trial changes or puts back as other units
-- grain: one row per unit, and one per trial and changed unit
-- key: enhetID
-- source: docs/quality/README.md
with
changed as (
    select
        clone.clone_nr,
        change.row_key as unit_id,
        cast(change.value as bigint) as mark,
    from change
    inner join clone on clone.finding_nr = change.finding_nr and clone.variant = change.variant
    where change.file = 'enhet'
)

select
    enhetID,
    orgNr,
    navn,
    hf,
    typeEnhet,
    isfRefusjon,
from reported.enhet
union all
select
    changed.clone_nr || '|' || changed.unit_id as enhetID,
    unit.orgNr,
    unit.navn,
    unit.hf,
    unit.typeEnhet,
    changed.mark as isfRefusjon,
from changed
left join reported.enhet as unit on unit.enhetID = changed.unit_id
