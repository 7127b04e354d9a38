-- what: a DRG: of those that episodes of the same kind with the same main condition have, from a light to a heavy one
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: drg
-- source: regulation §3.2.1 d
with
-- Ten are enough to choose from; with fewer the likeness is looser.
asked as (
    select
        finding.finding_nr,
        finding.episode_nr,
    from finding
    where finding.repair = 'drg'
),

surgery as (
    select distinct episode_nr from landing.prosedyre where kodeverk = 'K'
),

likened as (
    select
        episode.episode_nr,
        -- A group that is in doubt for episodes of the kind is no example for the others.
        episode.reason = 'included' and not episode.outside_isf and asked.episode_nr is null as is_example,
        episode.drg,
        concat_ws(' ', episode.sector, episode.is_department_stay, episode.end_date > episode.start_date) as kind,
        episode.main_condition,
        if(surgery.episode_nr is null, 'without', 'with') as operated,
        episode.unit_id,
    from episode
    left join surgery on surgery.episode_nr = episode.episode_nr
    left join (select distinct episode_nr from asked) as asked on asked.episode_nr = episode.episode_nr
),

level as (
    select
        episode_nr,
        is_example,
        drg,
        unnest([1, 2, 3, 4, 5]) as level,
        unnest([
            concat_ws(' ', kind, operated, main_condition),
            concat_ws(' ', kind, operated, main_condition[:3]),
            concat_ws(' ', kind, main_condition[:3]),
            concat_ws(' ', kind, operated, unit_id),
            concat_ws(' ', kind, operated)
        ]) as likeness,
    from likened
    where main_condition is not null or episode_nr in (select episode_nr from asked)
),

asked_level as (
    select
        level.episode_nr,
        level.level,
        level.likeness,
    from level
    inner join likened on likened.episode_nr = level.episode_nr
    where level.episode_nr in (select episode_nr from asked)
        and (level.level > 3 or likened.main_condition is not null)
),

example as (
    select
        level.level,
        level.likeness,
        level.drg,
        drg.base_points,
        count(*) as episodes,
    from level
    inner join ref.drg as drg on drg.drg = level.drg and starts_with(level.likeness, drg.sector)
    where level.is_example and (level.level, level.likeness) in (select level, likeness from asked_level)
    group by level.level, level.likeness, level.drg, drg.base_points
),

counted as (
    select
        *,
        sum(episodes) over (partition by level, likeness) as of_all,
        sum(episodes) over (
            partition by level, likeness order by base_points, drg rows between unbounded preceding and current row
        ) as so_far,
    from example
),

chosen as (
    select
        asked_level.episode_nr,
        asked_level.level,
        asked_level.likeness,
    from asked_level
    where (asked_level.level, asked_level.likeness) in (select level, likeness from counted where of_all >= 10)
    qualify row_number() over (partition by asked_level.episode_nr order by asked_level.level) = 1
),

-- Each fifth of the examples is one part of what is likely: the group that gives nearest to the fifth's mean. (Its middle
-- would give too little: a few heavy groups make up much of the points.)
fifth as (
    select
        counted.level,
        counted.likeness,
        part.number,
        cast(any_value(counted.of_all) as bigint) as of_all,
        -- The points of the fifth, five times as large: so many of each group's episodes lie in it.
        sum(counted.base_points * cast(
            least(5 * counted.so_far, part.number * counted.of_all)
            - greatest(5 * (counted.so_far - counted.episodes), (part.number - 1) * counted.of_all) as bigint
        )) as points,
    from counted
    inner join (values (1), (2), (3), (4), (5)) as part (number)
        on 5 * counted.so_far > (part.number - 1) * counted.of_all
        and 5 * (counted.so_far - counted.episodes) < part.number * counted.of_all
    where counted.of_all >= 10
    group by counted.level, counted.likeness, part.number
),

-- The ends only widen the range.
placed as (
    select
        place.per_mille,
        0 as weight,
    from (values (25), (975)) as place (per_mille)
),

quantile as (
    select
        fifth.level,
        fifth.likeness,
        1 as weight,
        min((abs(counted.base_points * fifth.of_all - fifth.points), counted.drg))[2] as drg,
    from fifth
    inner join counted on counted.level = fifth.level and counted.likeness = fifth.likeness
    group by fifth.level, fifth.likeness, fifth.number
    union all
    select
        counted.level,
        counted.likeness,
        placed.weight,
        min((counted.so_far, counted.drg))[2] as drg,
    from counted
    inner join placed on 1000 * counted.so_far >= placed.per_mille * counted.of_all
    group by counted.level, counted.likeness, placed.per_mille, placed.weight
),

candidate as (
    select
        level,
        likeness,
        drg,
        sum(weight) as weight,
        row_number() over (partition by level, likeness order by drg) as variant,
    from quantile
    group by level, likeness, drg
),

-- A nought for the letter, or small letters: the code that was meant is told by what was written. A code that is right as
-- it stands tells of no other.
slip as (
    select
        asked.finding_nr,
        cast(asked.episode_nr as varchar) as row_key,
        any_value(drg.drg) as drg,
    from asked
    inner join landing.episode as reported on reported.episode_nr = asked.episode_nr
    inner join episode on episode.episode_nr = asked.episode_nr
    inner join ref.drg as drg
        on drg.sector = episode.sector
        and translate(upper(trim(reported.drg)), 'O', '0') = translate(drg.drg, 'O', '0')
    group by asked.finding_nr, asked.episode_nr
    having count(distinct drg.drg) = 1 and not bool_or(drg.drg = reported.drg)
),

day_group as (
    select
        family.family,
        family.drg,
        count(episode.episode_nr) as episodes,
    from (select distinct family, drg from ref.day_surgery_family where role = 'day') as family
    left join episode on episode.sector = 'SOM' and episode.drg = family.drg
    group by family.family, family.drg
),

-- A contact of one day in a group of inpatients that has its twins for day surgery: those, as often as they occur. (One
-- that lasts overnight is rather a stay, in its own group.)
twin as (
    select
        asked.finding_nr,
        cast(asked.episode_nr as varchar) as row_key,
        day_group.drg,
        greatest(day_group.episodes, 1) as weight,
        row_number() over (partition by asked.finding_nr order by day_group.drg) as variant,
    from asked
    inner join episode
        on episode.episode_nr = asked.episode_nr
        and episode.sector = 'SOM'
        and not episode.is_department_stay
        and episode.end_date = episode.start_date
    inner join (select distinct family, drg from ref.day_surgery_family where role = 'inpatient') as inpatient
        on inpatient.drg = episode.drg
    inner join day_group on day_group.family = inpatient.family
    where asked.finding_nr not in (select finding_nr from slip)
),

told as (
    select finding_nr from slip
    union all
    select finding_nr from twin
),

drg_set as (
    select
        finding_nr,
        1 as variant,
        1 as weight,
        row_key,
        drg,
    from slip
    union all
    select
        finding_nr,
        variant,
        weight,
        row_key,
        drg,
    from twin
    union all
    select
        asked.finding_nr,
        candidate.variant,
        candidate.weight,
        cast(asked.episode_nr as varchar) as row_key,
        candidate.drg,
    from asked
    inner join chosen on chosen.episode_nr = asked.episode_nr
    inner join candidate on candidate.level = chosen.level and candidate.likeness = chosen.likeness
    where asked.finding_nr not in (select finding_nr from told)
)

select finding_nr, variant, weight, 'episode' as file, row_key, 'drg' as column_name, drg as value, from drg_set
union all
-- The main category follows the group.
select finding_nr, variant, weight, 'episode' as file, row_key, 'hdg' as column_name, '' as value, from drg_set
union all
-- The range reaches the group that was reported.
select
    finding_nr,
    0 as variant,
    0 as weight,
    'none' as file,
    any_value(row_key) as row_key,
    cast(null as varchar) as column_name,
    cast(null as varchar) as value,
from twin
group by finding_nr
