-- what: numerator, denominator, points and kroner at stake of the row checks, per trust, institution and department
-- grain: one row per check, level and unit; trusts for every check, institutions and departments where rows fail
-- key: check_id, level, hf_orgnr, institution_id, unit_id
-- source: regulation §3.8
with
failing as (
    select
        check_id,
        case
            when grouping(unit_id) = 0 then 'department'
            when grouping(institution_id) = 0 then 'institution'
            else 'hf'
        end as level,
        hf_orgnr,
        institution_id,
        unit_id,
        count(*) filter (where is_counted) as numerator,
        count(*) filter (where is_confirmed) as confirmed,
        count(*) filter (where is_counted and history = 'new') as new_rows,
        count(*) filter (where is_counted and history = 'still') as still_rows,
        count(*) filter (where is_counted and history = 'reappeared') as reappeared_rows,
        coalesce(sum(points_at_stake) filter (where is_counted and points_at_stake > 0), 0) as points_lost,
        coalesce(-sum(points_at_stake) filter (where is_counted and points_at_stake < 0), 0) as points_over,
        coalesce(sum(nok_at_stake) filter (where is_counted and points_at_stake > 0), 0) as nok_lost,
        coalesce(-sum(nok_at_stake) filter (where is_counted and points_at_stake < 0), 0) as nok_over,
    from counted_row
    group by grouping sets (
        (check_id, hf_orgnr), (check_id, hf_orgnr, institution_id), (check_id, hf_orgnr, institution_id, unit_id)
    )
),

reported as (
    select
        denominator,
        case
            when grouping(unit_id) = 0 then 'department'
            when grouping(institution_id) = 0 then 'institution'
            else 'hf'
        end as level,
        hf_orgnr,
        institution_id,
        unit_id,
        sum(rows_counted) as denominator_rows,
    from check_denominator
    group by grouping sets (
        (denominator, hf_orgnr), (denominator, hf_orgnr, institution_id),
        (denominator, hf_orgnr, institution_id, unit_id)
    )
),

fixed as (
    select
        check_id,
        hf_orgnr,
        count(*) as fixed_rows,
    from fixed_row
    group by check_id, hf_orgnr
),

-- Every trust is judged by every check, also where nothing fails.
grid as (
    select
        setting.check_id,
        setting.denominator,
        'hf' as level,
        hospital.hf_orgnr,
        cast(null as varchar) as institution_id,
        cast(null as varchar) as unit_id,
    from check_setting as setting
    cross join hospital
    where setting.tier <> 'macro'
    union
    select
        failing.check_id,
        setting.denominator,
        failing.level,
        failing.hf_orgnr,
        failing.institution_id,
        failing.unit_id,
    from failing
    inner join check_setting as setting on setting.check_id = failing.check_id
    where failing.level = 'hf'
        or (failing.level = 'institution' and failing.institution_id is not null)
        or (failing.level = 'department' and failing.unit_id is not null)
)

select
    grid.check_id,
    grid.level,
    grid.hf_orgnr,
    grid.institution_id,
    grid.unit_id,
    coalesce(failing.numerator, 0) as numerator,
    coalesce(reported.denominator_rows, 0) as denominator,
    coalesce(failing.confirmed, 0) as confirmed,
    if(known_history.check_id is null, null, coalesce(failing.new_rows, 0)) as new_rows,
    if(known_history.check_id is null, null, coalesce(failing.still_rows, 0)) as still_rows,
    if(known_history.check_id is null, null, coalesce(failing.reappeared_rows, 0)) as reappeared_rows,
    if(known_history.check_id is null, null, coalesce(fixed.fixed_rows, 0)) as fixed_rows,
    cast(coalesce(failing.points_lost, 0) as decimal(18, 3)) as points_lost,
    cast(coalesce(failing.points_over, 0) as decimal(18, 3)) as points_over,
    cast(coalesce(failing.nok_lost, 0) as decimal(28, 9)) as nok_lost,
    cast(coalesce(failing.nok_over, 0) as decimal(28, 9)) as nok_over,
from grid
left join failing
    on failing.check_id = grid.check_id
    and failing.level = grid.level
    and failing.hf_orgnr = grid.hf_orgnr
    and failing.institution_id is not distinct from grid.institution_id
    and failing.unit_id is not distinct from grid.unit_id
left join fixed
    on grid.level = 'hf' and fixed.check_id = grid.check_id and fixed.hf_orgnr = grid.hf_orgnr
left join known_history on known_history.check_id = grid.check_id
left join reported
    on reported.denominator = grid.denominator
    and reported.level = grid.level
    and reported.hf_orgnr = grid.hf_orgnr
    and reported.institution_id is not distinct from grid.institution_id
    and reported.unit_id is not distinct from grid.unit_id
