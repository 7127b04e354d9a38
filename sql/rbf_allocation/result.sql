-- what: achievements as they are allocated by, and once more with one percentage point more for a region on an indicator
-- grain: one row per run, indicator and region; run `as_is`, or the region and indicator that has the point more
-- key: run, indicator, rhf_orgnr
-- source: assumption `achievement_decimals` of the year's scheme
with
region as (
    select
        indicator.indicator,
        grant_of.rhf_orgnr,
        grant_of.basis_nok,
        cast(indicator.target * 1000000000 as hugeint) as target_e9,
        -- The share to nine decimals, half up, in whole numbers: 2 × numerator × 10⁹ + denominator over 2 × denominator.
        (2 * cast(achievement.numerator as hugeint) * 1000000000 + achievement.denominator)
        // (2 * cast(achievement.denominator as hugeint)) as achievement_e9,
    from rbf.indicator as indicator
    cross join rbf.basis_grant as grant_of
    inner join achievement
        on achievement.indicator = indicator.indicator
        and achievement.rhf_orgnr = grant_of.rhf_orgnr
        and achievement.hf_orgnr is null
),

run as (
    select
        'as_is' as run,
        null as raised_rhf_orgnr,
        indicator,
    from (select distinct indicator from region)
    union all
    select
        rhf_orgnr || ' ' || indicator as run,
        rhf_orgnr as raised_rhf_orgnr,
        indicator,
    from region
)

select
    run.run,
    region.indicator,
    region.rhf_orgnr,
    region.basis_nok,
    region.target_e9,
    region.achievement_e9 + if(region.rhf_orgnr = run.raised_rhf_orgnr, 10000000, 0) as achievement_e9,
from run
inner join region on region.indicator = run.indicator
