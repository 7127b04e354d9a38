-- what: the result of every check for every unit: counts, share, what is at stake, and the status
-- grain: one row per check, level and unit
-- key: check_id, level, hf_orgnr, institution_id, unit_id
-- source: regulation §3.8; precedence of the statuses: error, not_applicable, fail, pass_with_rows, pass
with
-- A measure that the hospital has explained is no open finding.
macro_unit as (
    select
        result.check_id,
        result.hf_orgnr,
        count(row.row_key) filter (where not row.is_explained) as numerator,
        count(*) filter (where not result.is_not_applicable) as denominator,
        count(row.row_key) filter (where row.is_explained) as confirmed,
    from macro_result as result
    left join macro_row as row
        on row.check_id = result.check_id
        and row.hf_orgnr = result.hf_orgnr
        and row.sector = result.sector
        and row.month is not distinct from result.month
    group by result.check_id, result.hf_orgnr
    union all
    -- Judged by statistics, or by what is expected and absent: only what stands out is a row.
    select
        row.check_id,
        row.hf_orgnr,
        count(*) filter (where not row.is_explained) as numerator,
        count(*) as denominator,
        count(*) filter (where row.is_explained) as confirmed,
    from macro_row as row
    inner join check_setting as setting on setting.check_id = row.check_id and setting.kind = 'test'
    group by row.check_id, row.hf_orgnr
),

-- A trust without this measure is still on the list, as not applicable.
macro_grid as (
    select
        setting.check_id,
        hospital.hf_orgnr,
    from check_setting as setting
    cross join hospital
    where setting.tier = 'macro'
),

measured as (
    select * from unit_measure
    union all by name
    select
        macro_grid.check_id,
        'hf' as level,
        macro_grid.hf_orgnr,
        coalesce(macro_unit.numerator, 0) as numerator,
        coalesce(macro_unit.denominator, 0) as denominator,
        coalesce(macro_unit.confirmed, 0) as confirmed,
        -- A measure has no rows that come and go.
        cast(null as bigint) as new_rows,
        cast(null as bigint) as still_rows,
        cast(null as bigint) as reappeared_rows,
        cast(null as bigint) as fixed_rows,
        cast(0 as decimal(18, 3)) as points_lost,
        cast(0 as decimal(18, 3)) as points_over,
        cast(0 as decimal(28, 9)) as nok_lost,
        cast(0 as decimal(28, 9)) as nok_over,
    from macro_grid
    left join macro_unit on macro_unit.check_id = macro_grid.check_id and macro_unit.hf_orgnr = macro_grid.hf_orgnr
)

select
    measured.check_id,
    setting.tier,
    setting.severity,
    setting.trial,
    measured.level,
    measured.hf_orgnr,
    measured.institution_id,
    measured.unit_id,
    cast(measured.numerator as bigint) as numerator,
    cast(measured.denominator as bigint) as denominator,
    cast(measured.numerator / nullif(measured.denominator, 0) as decimal(18, 6)) as share,
    cast(measured.confirmed as bigint) as confirmed,
    cast(measured.new_rows as bigint) as new_rows,
    cast(measured.still_rows as bigint) as still_rows,
    cast(measured.reappeared_rows as bigint) as reappeared_rows,
    cast(measured.fixed_rows as bigint) as fixed_rows,
    measured.points_lost,
    measured.points_over,
    measured.nok_lost,
    measured.nok_over,
    case
        when check_error.check_id is not null then 'error'
        when measured.numerator = 0 and measured.denominator = 0 then 'not_applicable'
        -- So many that the limit and chance together do not explain it: one row of four is no failure by itself.
        when measured.numerator >= status_limit.least_failing then 'fail'
        when measured.numerator > 0 then 'pass_with_rows'
        else 'pass'
    end as status,
from measured
inner join check_setting as setting on setting.check_id = measured.check_id
left join status_limit
    on status_limit.check_id = measured.check_id and status_limit.denominator = measured.denominator
left join check_error on check_error.check_id = measured.check_id
