-- what: conditions that only the other sex has
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §4.14
with
code_range as (
    select
        first.value as first_code,
        last.value as last_code,
        sex.number as sex,
    from check_parameter as first
    inner join check_parameter as last
        on last.check_id = first.check_id and last.position = first.position and last.parameter = 'code_to'
    inner join check_parameter as sex
        on sex.check_id = first.check_id and sex.position = first.position and sex.parameter = 'sex'
    where first.check_id = 'code_against_sex' and first.parameter = 'code_from'
),

code_of_sex as (
    select distinct
        condition.kode as code,
        code_range.sex,
    from (select distinct kode from landing.tilstand) as condition
    inner join code_range on condition.kode[:3] between code_range.first_code and code_range.last_code
)

select
    condition.episode_nr,
    string_agg(distinct condition.kode, ' ' order by condition.kode) || ' ' || any_value(reported.kjonn) as value,
from landing.tilstand as condition
inner join code_of_sex on code_of_sex.code = condition.kode
inner join landing.episode as reported on reported.episode_nr = condition.episode_nr
where reported.kjonn <> code_of_sex.sex and reported.kjonn in (select sex from code_range)
group by condition.episode_nr
