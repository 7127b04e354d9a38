-- what: points and place of every unit of the months that both deliveries hold: as settled earlier, settled again under the later rules, and as settled later
-- grain: one row per state and unit; states earlier, again, later
-- key: state, unit_type, unit_id
-- source: regulation §3.5; docs/regelverk.md 6
with
shared as (
    select
        least(earlier.period_to, later.period_to) as period_to,
        earlier.period_to = later.period_to as is_same_period,
    from earlier_landing.delivery as earlier
    cross join later_landing.delivery as later
),

entry as (
    select 'earlier' as state, unit_type, unit_id, sector, hf_orgnr, residence_rhf_orgnr, month, kind, points
    from earlier.ledger
    union all
    select 'again' as state, unit_type, unit_id, sector, hf_orgnr, residence_rhf_orgnr, month, kind, points
    from again.ledger
    union all
    select 'later' as state, unit_type, unit_id, sector, hf_orgnr, residence_rhf_orgnr, month, kind, points
    from later.ledger
)

select
    entry.state,
    entry.unit_type,
    entry.unit_id,
    any_value(entry.sector) as sector,
    any_value(entry.hf_orgnr) as hf_orgnr,
    any_value(entry.residence_rhf_orgnr) as residence_rhf_orgnr,
    any_value(entry.month) as month,
    cast(sum(entry.points) as decimal(18, 3)) as points,
    cast(coalesce(sum(entry.points) filter (where entry.kind = 'taken_over'), 0) as decimal(18, 3)) as taken_over_points,
from entry
cross join shared
-- §7.2.1: the regional deduction is computed for a whole period, so it can be compared between equal periods only.
where entry.month <= month(shared.period_to) or (entry.month is null and shared.is_same_period)
group by entry.state, entry.unit_type, entry.unit_id
