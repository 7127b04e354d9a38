-- what: main conditions of another age
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
)

select
    episode.episode_nr,
    episode.main_condition || ' ' || episode.birth_year as value,
from episode
inner join code_range on episode.main_condition[:3] between code_range.first_code and code_range.last_code
where year(episode.start_date) - episode.birth_year not between code_range.youngest and code_range.oldest
