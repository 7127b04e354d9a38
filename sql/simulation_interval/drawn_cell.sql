-- what: the points of every resample, with what has no patient
-- grain: one row per measure, sector, trust, region of residence and draw
-- key: measure, sector, hf_orgnr, residence_rhf_orgnr, draw
-- source: docs/simulation.md
with
-- The regional deduction has no patient; it stands as it is in every resample.
fixed as (
    select
        measure,
        sector,
        residence_rhf_orgnr,
        cast(1000 * sum(baseline) as bigint) as thousandths_before,
        cast(1000 * sum(baseline + weights + regrouping + supplements + counting) as bigint) as thousandths_after,
    from effect
    where unit_type = 'region'
    group by measure, sector, residence_rhf_orgnr
)

select
    'base' as measure,
    sector,
    hf_orgnr,
    residence_rhf_orgnr,
    draw,
    base_before as thousandths_before,
    base_after as thousandths_after,
from resampled
union all
select
    'full' as measure,
    sector,
    hf_orgnr,
    residence_rhf_orgnr,
    draw,
    full_before as thousandths_before,
    full_after as thousandths_after,
from resampled
union all
select
    fixed.measure,
    fixed.sector,
    null as hf_orgnr,
    fixed.residence_rhf_orgnr,
    draws.draw,
    fixed.thousandths_before,
    fixed.thousandths_after,
from fixed
cross join (select distinct draw from resampled) as draws
