-- what: how the parts of a whole have changed since the delivery before, in percentage points
-- grain: one row per distribution, whole, part and sector of either delivery
-- key: fordeling, hele, del, sektor
-- source: docs/expectations.md; regulation §3.11
-- column fordeling: arsak (episodes by reason), regel (points by rule) or bosted (a trust's stays by region of residence)
-- column hele: what the parts are parts of
-- column del: the part: a reason, a rule or a region
-- column sektor: SOM or PHVTSB
-- column omfang_for: size of the whole in the delivery before: episodes, stays, or points in whole numbers
-- column endring: change in percentage points, two decimals, rounded away from 0 so that a limit is met exactly
with
later_part as (
    select
        'arsak' as fordeling,
        'alle episoder' as hele,
        arsak as del,
        sektor,
        cast(antall as hugeint) as size,
    from later.grunnlag
    where steg = 'episode'
    union all
    select
        'regel' as fordeling,
        'alle poeng' as hele,
        regel as del,
        sektor,
        cast(1000 * sum(poeng) as hugeint) as size,
    from later.poeng_per_regel
    group by regel, sektor
    union all
    select
        'bosted' as fordeling,
        trust.hf as hele,
        region.rhf as del,
        guest.sektor,
        cast(guest.antall_opphold as hugeint) as size,
    from later.gjestepasienter_usladdet as guest
    inner join later.oppgjor_hf as trust on trust.hf_orgnr = guest.hf_orgnr and trust.sektor = guest.sektor
    inner join later.oppgjor_rhf as region
        on region.rhf_orgnr = guest.bosted_rhf_orgnr and region.sektor = guest.sektor
),

earlier_part as (
    select
        'arsak' as fordeling,
        'alle episoder' as hele,
        arsak as del,
        sektor,
        cast(antall as hugeint) as size,
    from earlier.grunnlag
    where steg = 'episode'
    union all
    select
        'regel' as fordeling,
        'alle poeng' as hele,
        regel as del,
        sektor,
        cast(1000 * sum(poeng) as hugeint) as size,
    from earlier.poeng_per_regel
    group by regel, sektor
    union all
    select
        'bosted' as fordeling,
        trust.hf as hele,
        region.rhf as del,
        guest.sektor,
        cast(guest.antall_opphold as hugeint) as size,
    from earlier.gjestepasienter_usladdet as guest
    inner join earlier.oppgjor_hf as trust on trust.hf_orgnr = guest.hf_orgnr and trust.sektor = guest.sektor
    inner join earlier.oppgjor_rhf as region
        on region.rhf_orgnr = guest.bosted_rhf_orgnr and region.sektor = guest.sektor
),

later_whole as (
    select
        fordeling,
        hele,
        sektor,
        cast(sum(size) as hugeint) as size,
    from later_part
    group by fordeling, hele, sektor
    having sum(size) > 0
),

earlier_whole as (
    select
        fordeling,
        hele,
        sektor,
        cast(sum(size) as hugeint) as size,
    from earlier_part
    group by fordeling, hele, sektor
    having sum(size) > 0
),

part as (
    select
        fordeling,
        hele,
        del,
        sektor,
        coalesce(later_part.size, 0) as now,
        coalesce(earlier_part.size, 0) as before,
    from later_part
    full outer join earlier_part using (fordeling, hele, del, sektor)
),

compared as (
    select
        part.fordeling,
        part.hele,
        part.del,
        part.sektor,
        earlier_whole.size as omfang_for,
        part.now * earlier_whole.size - part.before * later_whole.size as difference,
        earlier_whole.size * later_whole.size as whole,
    from part
    inner join later_whole using (fordeling, hele, sektor)
    inner join earlier_whole using (fordeling, hele, sektor)
)

select
    fordeling,
    hele,
    del,
    sektor,
    cast(if(fordeling = 'regel', omfang_for // 1000, omfang_for) as bigint) as omfang_for,
    cast(
        sign(difference) * cast((10000 * abs(difference) + whole - 1) // whole as decimal(18, 0)) * 0.01
        as decimal(18, 2)
    ) as endring,
from compared
