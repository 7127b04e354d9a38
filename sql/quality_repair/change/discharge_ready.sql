-- what: the discharge-ready date: none, or as many days before the end as other stays of that length have, as often as there
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: discharge_ready
-- source: regulation §4.7, §7.1
with
-- Stays of about the same length: a week, a fortnight, a month or longer.
long_stay as (
    select
        stay_nr,
        main_episode_nr,
        discharge_ready_date,
        end_date,
        start_date,
        length_of_stay,
        case
            when length_of_stay < 7 then 1
            when length_of_stay < 14 then 2
            when length_of_stay < 30 then 3
            else 4
        end as length_class,
    from stay
    where sector = 'SOM' and has_department_stay and length_of_stay > 0
),

asked as (
    select
        finding.finding_nr,
        finding.episode_nr,
        finding.check_id,
        stay_episode.stay_nr,
        long_stay.end_date,
        long_stay.length_of_stay,
        long_stay.length_class,
    from finding
    inner join stay_episode on stay_episode.episode_nr = finding.episode_nr
    inner join long_stay on long_stay.stay_nr = stay_episode.stay_nr
    where finding.repair = 'discharge_ready'
),

-- What other stays have; those that are asked about teach nothing.
usual as (
    select
        length_class,
        count(*) filter (where discharge_ready_date is null) as without_date,
        count(*) filter (where discharge_ready_date is not null) as with_date,
        quantile_disc(end_date - discharge_ready_date, [0.1, 0.3, 0.5, 0.7, 0.9])
            filter (where discharge_ready_date is not null) as days_before,
    from long_stay
    where discharge_ready_date is null
        or (discharge_ready_date between start_date and end_date and stay_nr not in (select stay_nr from asked))
    group by length_class
),

dated as (
    select
        asked.finding_nr,
        asked.episode_nr,
        asked.end_date,
        least(unnest(usual.days_before), asked.length_of_stay) as days_before,
        usual.with_date,
    from asked
    inner join usual on usual.length_class = asked.length_class
    where usual.with_date > 0
),

candidate as (
    select
        finding_nr,
        episode_nr,
        -- Five parts of those that have a date.
        cast(sum(with_date) as bigint) as weight,
        strftime(end_date - cast(days_before as integer), '%Y-%m-%d') as value,
    from dated
    group by finding_nr, episode_nr, end_date, days_before
    union all
    select
        asked.finding_nr,
        asked.episode_nr,
        5 * greatest(usual.without_date, 1) as weight,
        '' as value,
    from asked
    left join usual on usual.length_class = asked.length_class
)

select
    finding_nr,
    row_number() over (partition by finding_nr order by value) as variant,
    coalesce(weight, 1) as weight,
    'episode' as file,
    cast(episode_nr as varchar) as row_key,
    'utskrKlarDato' as column_name,
    value,
from candidate
