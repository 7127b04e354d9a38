-- what: how the parts of a whole have changed since the delivery before, in percentage points
-- grain: one row per distribution, whole, part and sector of either delivery
-- key: fordeling, hele_id, del_id, sektor
-- source: docs/expectations.md; regulation §3.11
-- column fordeling: arsak (episodes by reason), regel (points by rule) or bosted (a trust's stays by region of residence)
-- column hele_id: organisation number of the trust, empty of an unknown one; empty for the other distributions
-- column del_id: reason, rule or organisation number of the region
-- column hele: what the parts are parts of, in words
-- column del: the part in words: a reason, a rule or a region
-- column sektor: SOM or PHVTSB
-- column omfang_for: size of the whole in the delivery before: episodes, stays, or points in whole numbers
-- column endring: change in percentage points, two decimals, rounded away from 0 so that a limit is met exactly
with
-- A number is the same from delivery to delivery; a name is only what it is called now.
part as (
    select
        distribution,
        whole_id,
        part_id,
        coalesce(later.whole_name, earlier.whole_name) as whole_name,
        coalesce(later.part_name, earlier.part_name) as part_name,
        sector,
        coalesce(later.size, 0) as now,
        coalesce(earlier.size, 0) as before,
    from later.settled_part as later
    full outer join earlier.settled_part as earlier using (distribution, whole_id, part_id, sector)
),

compared as (
    select
        part.*,
        cast(sum(now) over whole as hugeint) as whole_now,
        cast(sum(before) over whole as hugeint) as whole_before,
        now * whole_before - before * whole_now as difference,
        whole_before * whole_now as product,
    from part
    window whole as (partition by distribution, whole_id, sector)
    qualify whole_now > 0 and whole_before > 0
)

select
    distribution as fordeling,
    whole_id as hele_id,
    part_id as del_id,
    whole_name as hele,
    part_name as del,
    sector as sektor,
    cast(if(distribution = 'regel', whole_before // 1000, whole_before) as bigint) as omfang_for,
    cast(
        sign(difference) * cast((10000 * abs(difference) + product - 1) // product as decimal(18, 0)) * 0.01
        as decimal(18, 2)
    ) as endring,
from compared
