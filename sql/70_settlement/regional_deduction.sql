-- what: complex rehabilitation above the share that is paid as complex, per region of residence
-- grain: one row per region with a deduction
-- key: residence_rhf_orgnr
-- source: docs/regelverk.md 3, complex rehabilitation above 45 %; regulation §7.2.1
-- column threshold: share of the region's stays that are paid as complex
-- column complex_stays: stays of the region in the complex group, complex_points their points
-- column simple_stays: stays of the region in the simple group
-- column mean_stays: stays in the simple group whose mean is compared: the region's, or the nation's where the region has none; mean_points their points
with
parameter as (
    select
        ref.single_code('7.2.1', 'complex_drg') as complex_drg,
        ref.single_code('7.2.1', 'simple_drg') as simple_drg,
        -- The threshold in thousandths, the points in thousandths of a point: whole numbers, so the only rule with a
        -- division is exact until its one rounding.
        cast(1000 * ref.points('7.2.1', 'regional_threshold') as bigint) as threshold,
),

rehabilitation_stay as (
    select
        stay.stay_nr,
        stay.residence_rhf_orgnr,
        stay.drg = parameter.complex_drg as is_complex,
        parameter.complex_drg,
    from stay
    cross join parameter
    where stay.sector = 'SOM' and stay.drg in (parameter.complex_drg, parameter.simple_drg)
),

stay_sum as (
    select
        stay_nr,
        cast(1000 * sum(points) as bigint) as millipoints,
    from stay_points
    where stay_nr in (select stay_nr from rehabilitation_stay)
    group by stay_nr
),

region as (
    select
        rehabilitation_stay.residence_rhf_orgnr,
        count(*) filter (where is_complex) as n_complex,
        count(*) filter (where not is_complex) as n_simple,
        cast(coalesce(sum(stay_sum.millipoints) filter (where is_complex), 0) as bigint) as p_complex,
        cast(coalesce(sum(stay_sum.millipoints) filter (where not is_complex), 0) as bigint) as p_simple,
        any_value(complex_drg) as complex_drg,
    from rehabilitation_stay
    inner join stay_sum on stay_sum.stay_nr = rehabilitation_stay.stay_nr
    group by rehabilitation_stay.residence_rhf_orgnr
),

nation as (
    select
        cast(sum(n_simple) as bigint) as n_simple,
        cast(sum(p_simple) as bigint) as p_simple,
    from region
),

compared as (
    select
        region.residence_rhf_orgnr,
        region.complex_drg,
        region.n_complex,
        region.p_complex,
        -- Without simple rehabilitation in the region the national mean is used; with none at all nothing is deducted.
        if(region.n_simple > 0, region.n_simple, nation.n_simple) as n_simple,
        if(region.n_simple > 0, region.p_simple, nation.p_simple) as p_simple,
        region.n_simple as n_region_simple,
        parameter.threshold,
        1000 * region.n_complex - parameter.threshold * (region.n_complex + region.n_simple) as excess,
    from region
    cross join nation
    cross join parameter
),

-- p_C / n_C − p_S / n_S, whole thousandths of a point and what is left over; the product of all three would not fit
-- into 64 bits.
dearer as (
    select
        *,
        n_complex * n_simple as denominator,
        (p_complex * n_simple - p_simple * n_complex) // (n_complex * n_simple) as whole,
        (p_complex * n_simple - p_simple * n_complex) % (n_complex * n_simple) as remainder,
    from compared
    where n_simple > 0
        and excess > 0
        -- Not below 0.
        and p_complex * n_simple > p_simple * n_complex
),

deduction as (
    select
        *,
        -- E × (p_C / n_C − p_S / n_S) in thousandths of a point, rounded half away from zero. What the inner division
        -- leaves over is less than one millionth and cannot change the rounding of whole millionths.
        (excess * whole + (excess * remainder) // denominator + 500) // 1000 as millipoints,
    from dearer
)

select
    residence_rhf_orgnr,
    '7.2.1' as rule,
    'regional' as kind,
    complex_drg,
    -cast(millipoints as decimal(18, 3)) * 0.001 as points,
    cast(threshold * 0.001 as decimal(18, 3)) as threshold,
    n_complex as complex_stays,
    cast(p_complex * 0.001 as decimal(18, 3)) as complex_points,
    n_region_simple as simple_stays,
    n_simple as mean_stays,
    cast(p_simple * 0.001 as decimal(18, 3)) as mean_points,
from deduction
where millipoints > 0
