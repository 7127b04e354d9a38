-- what: the result of every check for every unit: counts, share, what is at stake, and the status
-- grain: one row per check, level and unit
-- key: check_id, level, hf_orgnr, institution_id, unit_id
-- source: regulation §3.8; precedence of the statuses: error, not_applicable, fail, pass_with_rows, pass
with
macro_unit as (
    select
        check_id,
        'hf' as level,
        hf_orgnr,
        cast(null as varchar) as institution_id,
        cast(null as varchar) as unit_id,
        count(*) filter (where differs_from_itself or differs_from_peers) as numerator,
        count(*) filter (where not is_not_applicable) as denominator,
        0 as confirmed,
        0 as new_rows,
        cast(0 as decimal(18, 3)) as points_lost,
        cast(0 as decimal(18, 3)) as points_over,
        cast(0 as decimal(28, 9)) as nok_lost,
        cast(0 as decimal(28, 9)) as nok_over,
    from macro_result
    group by check_id, hf_orgnr
    union all
    select
        check_id,
        'hf' as level,
        hf_orgnr,
        cast(null as varchar) as institution_id,
        cast(null as varchar) as unit_id,
        count(*) as numerator,
        count(*) as denominator,
        0 as confirmed,
        0 as new_rows,
        cast(0 as decimal(18, 3)) as points_lost,
        cast(0 as decimal(18, 3)) as points_over,
        cast(0 as decimal(28, 9)) as nok_lost,
        cast(0 as decimal(28, 9)) as nok_over,
    from (
        select check_id, hf_orgnr from macro_finding
        union all
        select 'part_missing' as check_id, hf_orgnr from missing_part
    )
    group by check_id, hf_orgnr
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
    union all
    select * from macro_unit
    union all by name
    select
        check_id,
        'hf' as level,
        hf_orgnr,
        cast(null as varchar) as institution_id,
        cast(null as varchar) as unit_id,
        0 as numerator,
        0 as denominator,
        0 as confirmed,
        0 as new_rows,
        cast(0 as decimal(18, 3)) as points_lost,
        cast(0 as decimal(18, 3)) as points_over,
        cast(0 as decimal(28, 9)) as nok_lost,
        cast(0 as decimal(28, 9)) as nok_over,
    from macro_grid
    where (check_id, hf_orgnr) not in (select (check_id, hf_orgnr) from macro_unit)
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
