-- what: main conditions and groups of another age
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.14
with
code_range as (
    select
        first.value as first_code,
        last.value as last_code,
        youngest.number as youngest,
        oldest.number as oldest,
    from check_parameter as first
    inner join check_parameter as last
        on last.check_id = first.check_id and last.position = first.position and last.parameter = 'code_to'
    inner join check_parameter as youngest
        on youngest.check_id = first.check_id and youngest.position = first.position and youngest.parameter = 'youngest'
    inner join check_parameter as oldest
        on oldest.check_id = first.check_id and oldest.position = first.position and oldest.parameter = 'oldest'
    where first.check_id = 'age_disagrees' and first.parameter = 'code_from'
),

-- A group's name tells that it is for children.
childrens_group as (
    select
        drg.sector,
        drg.drg,
        oldest.number as oldest,
    from ref.drg as drg
    inner join check_parameter as mark on mark.check_id = 'age_disagrees' and mark.parameter = 'mark_of_children'
    inner join check_parameter as oldest on oldest.check_id = 'age_disagrees' and oldest.parameter = 'oldest_child'
    where contains(drg.name, mark.value)
),

disagreeing as (
    select
        episode.episode_nr,
        1 as position,
        episode.main_condition || ' ' || episode.birth_year as value,
    from episode
    inner join code_range on episode.main_condition[:3] between code_range.first_code and code_range.last_code
    where year(episode.start_date) - episode.birth_year not between code_range.youngest and code_range.oldest
    union all
    select
        episode.episode_nr,
        2 as position,
        episode.drg || ' ' || episode.birth_year as value,
    from episode
    inner join childrens_group as child on child.sector = episode.sector and child.drg = episode.drg
    -- The year the child turns eighteen it may be either.
    where year(episode.start_date) - episode.birth_year > child.oldest
)

select
    episode_nr,
    arg_min(value, (position, value)) as value,
from disagreeing
group by episode_nr
