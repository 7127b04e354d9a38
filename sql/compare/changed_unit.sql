-- what: units whose points, trust, region, sector or month differ between the earlier delivery (under the later rules) and the later
-- grain: one row per unit
-- key: unit_type, unit_id
-- source: regulation §3.5
with
entry as not materialized (
    select
        false as is_later, unit_type, unit_id, sector, hf_orgnr, residence_rhf_orgnr, month, kind, points,
        hash(unit_type, unit_id) % 4194304 as bucket,
    from again.ledger
    union all
    select
        true as is_later, unit_type, unit_id, sector, hf_orgnr, residence_rhf_orgnr, month, kind, points,
        hash(unit_type, unit_id) % 4194304 as bucket,
    from later.ledger
),

shared as not materialized (
    select entry.*
    from entry
    cross join shared_months
    where entry.month <= shared_months.last_month or (entry.month is null and shared_months.has_deduction)
),

-- Nearly all units are alike in both deliveries. Units lie in buckets by a hash; a bucket whose entries have other sums of
-- two hashes in the one delivery than in the other has a unit that differs, and only its units go further.
differing as (
    select bucket
    from shared
    group by bucket
    having
        sum(
            if(is_later, 1, -1)
            * cast(hash(unit_type, unit_id, sector, hf_orgnr, residence_rhf_orgnr, month, kind, points) as hugeint)
        ) <> 0
        or sum(
            if(is_later, 1, -1)
            * cast(hash(points, kind, month, residence_rhf_orgnr, hf_orgnr, sector, unit_id, unit_type) as hugeint)
        ) <> 0
),

unit as (
    select
        entry.unit_type,
        entry.unit_id,
        bool_or(not entry.is_later) as is_before,
        bool_or(entry.is_later) as is_after,
        any_value(entry.sector) filter (where not entry.is_later) as sector_before,
        any_value(entry.hf_orgnr) filter (where not entry.is_later) as hf_before,
        any_value(entry.residence_rhf_orgnr) filter (where not entry.is_later) as rhf_before,
        any_value(entry.month) filter (where not entry.is_later) as month_before,
        sum(if(entry.is_later, 0, entry.points)) as points_before,
        any_value(entry.sector) filter (where entry.is_later) as sector_after,
        any_value(entry.hf_orgnr) filter (where entry.is_later) as hf_after,
        any_value(entry.residence_rhf_orgnr) filter (where entry.is_later) as rhf_after,
        any_value(entry.month) filter (where entry.is_later) as month_after,
        sum(if(entry.is_later, entry.points, 0)) as points_after,
        sum(if(entry.kind = 'taken_over', if(entry.is_later, entry.points, -entry.points), 0)) as taken_over_change,
    from shared as entry
    where entry.bucket in (select bucket from differing)
    group by entry.unit_type, entry.unit_id
)

select
    unit_type,
    unit_id,
    is_before,
    is_after,
    sector_before,
    hf_before,
    rhf_before,
    month_before,
    cast(points_before as decimal(18, 3)) as points_before,
    sector_after,
    hf_after,
    rhf_after,
    month_after,
    cast(points_after as decimal(18, 3)) as points_after,
    taken_over_change <> 0 as is_taken_over_otherwise,
from unit
where points_before <> points_after
    or (
        is_before
        and is_after
        and (
            sector_before is distinct from sector_after
            or hf_before is distinct from hf_after
            or rhf_before is distinct from rhf_after
            or month_before is distinct from month_after
        )
    )
