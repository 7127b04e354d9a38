-- what: how far the change of each unit varies with the patients: 95 % of the resamples
-- grain: one row per measure, level, unit and sector
-- key: measure, level, orgnr, sector
-- source: docs/simulation.md
with
unit as (
    select 'land' as level, null as orgnr, * from drawn_cell
    union all
    select 'rhf' as level, residence_rhf_orgnr as orgnr, * from drawn_cell
    union all
    select 'hf' as level, hf_orgnr as orgnr, * from drawn_cell where hf_orgnr is not null
),

-- Every resample is calibrated anew, as it would be on that activity: millionths of a thousandth of a point.
changed as (
    select
        unit.measure,
        unit.level,
        unit.orgnr,
        unit.sector,
        unit.draw,
        cast(sum(unit.thousandths_before) as hugeint) as before,
        sum(cast(unit.thousandths_after as hugeint)) * cast(1000000 * any_value(calibration_factor.factor) as hugeint)
            - 1000000 * sum(cast(unit.thousandths_before as hugeint)) as change,
    from unit
    inner join calibration_factor
        on calibration_factor.measure = unit.measure
        and calibration_factor.sector = unit.sector
        and calibration_factor.draw = unit.draw
    group by unit.measure, unit.level, unit.orgnr, unit.sector, unit.draw
),

-- As many resamples lie below the lower limit as above the upper one.
sorted as (
    select
        measure,
        level,
        orgnr,
        sector,
        count(*) as resamples,
        list(change order by change) as changes,
        list(
            cast(change as double) / (10000 * before) order by cast(change as double) / (10000 * before)
        ) filter (where before > 0) as percents,
    from changed
    group by measure, level, orgnr, sector
),

limited as (
    select
        *,
        greatest(1, (25 * (resamples + 1)) // 1000) as place,
    from sorted
),

patients as (
    select level, orgnr, sector, count(distinct patient_id) as patients
    from (
        select 'land' as level, null as orgnr, * from patient_points
        union all
        select 'rhf' as level, residence_rhf_orgnr as orgnr, * from patient_points
        union all
        select 'hf' as level, hf_orgnr as orgnr, * from patient_points
    )
    group by all
),

actual as (
    select measure, level, orgnr, sector, sum(baseline) as baseline, sum(change) as change
    from (
        select 'land' as level, null as orgnr, * from effect
        union all
        select 'rhf' as level, residence_rhf_orgnr as orgnr, * from effect
        union all
        select 'hf' as level, hf_orgnr as orgnr, * from effect
    )
    group by all
)

select
    limited.measure,
    limited.level,
    limited.orgnr,
    limited.sector,
    case when limited.level = 'land' then 'landet' else coalesce(provider.hf_name, limited.orgnr) end as name,
    patients.patients,
    actual.change,
    cast(100 * actual.change / nullif(actual.baseline, 0) as decimal(18, 6)) as percent,
    -- Why no interval is given.
    case
        when limited.level = 'land' and calibration.mode = 'sector'
            then 'kalibrert i sektoren: summen for landet endres ikke'
        when patients.patients < interval_option.least_patients
            then 'færre enn ' || interval_option.least_patients || ' pasienter: intervallet ville vært for kort'
    end as reason,
    cast(cast(limited.changes[place] as decimal(38, 0)) * 0.000000001 as decimal(20, 9)) as change_low,
    cast(cast(limited.changes[-place] as decimal(38, 0)) * 0.000000001 as decimal(20, 9)) as change_high,
    cast(limited.percents[place] as decimal(18, 6)) as percent_low,
    cast(limited.percents[-place] as decimal(18, 6)) as percent_high,
from limited
inner join patients
    on patients.level = limited.level
    and patients.orgnr is not distinct from limited.orgnr
    and patients.sector = limited.sector
inner join actual
    on actual.measure = limited.measure
    and actual.level = limited.level
    and actual.orgnr is not distinct from limited.orgnr
    and actual.sector = limited.sector
left join provider on provider.hf_orgnr = limited.orgnr
cross join interval_option
cross join calibration
