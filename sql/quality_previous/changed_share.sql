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
later_part as (
    select
        'arsak' as fordeling,
        '' as whole_id,
        arsak as part_id,
        'alle episoder' as hele,
        arsak as del,
        sektor,
        cast(antall as hugeint) as size,
    from later.grunnlag
    where steg = 'episode'
    union all
    select
        'regel' as fordeling,
        '' as whole_id,
        regel as part_id,
        'alle poeng' as hele,
        regel as del,
        sektor,
        cast(1000 * sum(poeng) as hugeint) as size,
    from later.poeng_per_regel
    group by regel, sektor
    union all
    select
        'bosted' as fordeling,
        coalesce(guest.hf_orgnr, '') as whole_id,
        guest.bosted_rhf_orgnr as part_id,
        trust.hf as hele,
        region.rhf as del,
        guest.sektor,
        cast(guest.antall_opphold as hugeint) as size,
    from later.gjestepasienter_usladdet as guest
    inner join later.oppgjor_hf as trust
        on trust.hf_orgnr is not distinct from guest.hf_orgnr and trust.sektor = guest.sektor
    inner join later.oppgjor_rhf as region
        on region.rhf_orgnr = guest.bosted_rhf_orgnr and region.sektor = guest.sektor
),

earlier_part as (
    select
        'arsak' as fordeling,
        '' as whole_id,
        arsak as part_id,
        'alle episoder' as hele,
        arsak as del,
        sektor,
        cast(antall as hugeint) as size,
    from earlier.grunnlag
    where steg = 'episode'
    union all
    select
        'regel' as fordeling,
        '' as whole_id,
        regel as part_id,
        'alle poeng' as hele,
        regel as del,
        sektor,
        cast(1000 * sum(poeng) as hugeint) as size,
    from earlier.poeng_per_regel
    group by regel, sektor
    union all
    select
        'bosted' as fordeling,
        coalesce(guest.hf_orgnr, '') as whole_id,
        guest.bosted_rhf_orgnr as part_id,
        trust.hf as hele,
        region.rhf as del,
        guest.sektor,
        cast(guest.antall_opphold as hugeint) as size,
    from earlier.gjestepasienter_usladdet as guest
    inner join earlier.oppgjor_hf as trust
        on trust.hf_orgnr is not distinct from guest.hf_orgnr and trust.sektor = guest.sektor
    inner join earlier.oppgjor_rhf as region
        on region.rhf_orgnr = guest.bosted_rhf_orgnr and region.sektor = guest.sektor
),

later_whole as (
    select
        fordeling,
        whole_id,
        sektor,
        cast(sum(size) as hugeint) as size,
    from later_part
    group by fordeling, whole_id, sektor
    having sum(size) > 0
),

earlier_whole as (
    select
        fordeling,
        whole_id,
        sektor,
        cast(sum(size) as hugeint) as size,
    from earlier_part
    group by fordeling, whole_id, sektor
    having sum(size) > 0
),

-- A number is the same from delivery to delivery; a name is only what it is called now.
part as (
    select
        fordeling,
        whole_id,
        part_id,
        coalesce(later_part.hele, earlier_part.hele) as hele,
        coalesce(later_part.del, earlier_part.del) as del,
        sektor,
        coalesce(later_part.size, 0) as now,
        coalesce(earlier_part.size, 0) as before,
    from later_part
    full outer join earlier_part using (fordeling, whole_id, part_id, sektor)
),

compared as (
    select
        part.fordeling,
        part.whole_id,
        part.part_id,
        part.hele,
        part.del,
        part.sektor,
        earlier_whole.size as omfang_for,
        part.now * earlier_whole.size - part.before * later_whole.size as difference,
        earlier_whole.size * later_whole.size as whole,
    from part
    inner join later_whole using (fordeling, whole_id, sektor)
    inner join earlier_whole using (fordeling, whole_id, sektor)
)

select
    fordeling,
    whole_id as hele_id,
    part_id as del_id,
    hele,
    del,
    sektor,
    cast(if(fordeling = 'regel', omfang_for // 1000, omfang_for) as bigint) as omfang_for,
    cast(
        sign(difference) * cast((10000 * abs(difference) + whole - 1) // whole as decimal(18, 0)) * 0.01
        as decimal(18, 2)
    ) as endring,
from compared
