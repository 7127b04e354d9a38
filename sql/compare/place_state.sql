-- what: points of the shared months per place: as settled earlier, settled again under the later rules, and as settled later
-- grain: one row per state, region, trust, sector and month; states earlier, again, later
-- key: state, residence_rhf_orgnr, hf_orgnr, sector, month
-- source: regulation §3.5; docs/regelverk.md 6
with
entry as (
    select 'earlier' as state, sector, hf_orgnr, residence_rhf_orgnr, month, points from earlier.ledger
    union all
    select 'again' as state, sector, hf_orgnr, residence_rhf_orgnr, month, points from again.ledger
    union all
    select 'later' as state, sector, hf_orgnr, residence_rhf_orgnr, month, points from later.ledger
)

select
    entry.state,
    entry.residence_rhf_orgnr,
    entry.hf_orgnr,
    entry.sector,
    entry.month,
    cast(sum(entry.points) as decimal(18, 3)) as points,
from entry
cross join shared_months
where entry.month <= shared_months.last_month or (entry.month is null and shared_months.has_deduction)
group by entry.state, entry.residence_rhf_orgnr, entry.hf_orgnr, entry.sector, entry.month
