-- what: condition codes with a letter for a digit, of no chapter of ICD-10, or, where the register is there, not in it
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.14
with
used as (
    select distinct kode as code from landing.tilstand
),

-- O for nought, I and L for one: behind the first letter of ICD-10 there are digits.
mistyped as (
    select
        code,
        code[:1] || translate(code[2:], 'OIL', '011') as proposed,
    from used
    where regexp_full_match(code, '[A-Z][0-9OIL]{2,4}') and regexp_matches(code[2:], '[OIL]')
),

chapter as (
    select
        first.value as first_category,
        last.value as last_category,
    from check_parameter as first
    inner join check_parameter as last
        on last.check_id = first.check_id and last.position = first.position and last.parameter = 'chapter_to'
    where first.check_id = 'condition_unknown' and first.parameter = 'chapter_from'
),

of_no_chapter as (
    select used.code
    from used
    where regexp_full_match(used.code, '[A-Z][0-9]{2}[A-Z0-9]{0,2}')
        and not exists (
            select 1 from chapter where used.code[:3] between chapter.first_category and chapter.last_category
        )
),

not_in_register as (
    select code
    from used
    where exists (select 1 from register_code where register = 'icd10')
        and code not in (select code from register_code where register = 'icd10')
),

wrong as (
    select code from mistyped
    union
    select code from of_no_chapter
    union
    select code from not_in_register
)

select
    condition.episode_nr,
    string_agg(distinct condition.kode, ' ' order by condition.kode) as value,
    string_agg(distinct mistyped.proposed, ' ' order by mistyped.proposed) as proposed,
from landing.tilstand as condition
inner join wrong on wrong.code = condition.kode
left join mistyped on mistyped.code = condition.kode
group by condition.episode_nr
