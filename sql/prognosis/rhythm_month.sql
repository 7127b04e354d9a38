-- what: points per place, month and rhythm: `arlig` (once a year on the first contact) or `lopende` (when it is done)
-- grain: one row per state, region, trust, sector, rhythm and month
-- key: state, rhf_orgnr, hf_orgnr, sector, rhythm, month
-- source: docs/prognosis.md
with
entry as (
    select 'delivery' as state, unit_type, unit_id, sector, hf_orgnr, residence_rhf_orgnr, month, kind, points
    from settled.ledger
    union all
    select 'last_year' as state, unit_type, unit_id, sector, hf_orgnr, residence_rhf_orgnr, month, kind, points
    from last_year.ledger
)

select
    entry.state,
    entry.residence_rhf_orgnr as rhf_orgnr,
    entry.hf_orgnr,
    entry.sector,
    if(yearly.unit_id is null, 'lopende', 'arlig') as rhythm,
    entry.month,
    cast(sum(entry.points) as decimal(18, 3)) as points,
    -- Before supplements and what a pathway takes over: how the activity itself lies in the year.
    cast(coalesce(sum(entry.points) filter (where entry.kind = 'base'), 0) as decimal(18, 3)) as base_points,
from entry
left join unit_rhythm as yearly
    on yearly.state = entry.state and yearly.unit_type = entry.unit_type and yearly.unit_id = entry.unit_id
group by
    entry.state,
    entry.residence_rhf_orgnr,
    entry.hf_orgnr,
    entry.sector,
    if(yearly.unit_id is null, 'lopende', 'arlig'),
    entry.month
