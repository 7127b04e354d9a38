-- what: the fields of each case as text, whichever way the case was given
-- grain: one row per case
-- key: case_nr
-- source: docs/grouper.md, A case
-- column diagnoses: first and second code of each place, the main diagnosis first; a place may be empty
with
-- Fields of a string are split at commas, and asterisks are marks, not parts of a code.
split as (
    select
        case_nr,
        id,
        [trim(field, ' ' || chr(9) || chr(10) || chr(13)) for field in string_split(replace(string, '*', ''), ',')]
            as field,
    from given.case_string
),

of_string as (
    select
        case_nr,
        id,
        coalesce(field[1], '') as sex,
        coalesce(field[2], '') as age_days,
        coalesce(field[3], '') as discharge,
        coalesce(field[4], '') as duration,
        -- Thirty places of two fields from the sixth field on.
        [
            {'code': coalesce(field[6 + 2 * place], ''), 'second_code': coalesce(field[7 + 2 * place], '')}
            for place in range(30)
        ] as diagnoses,
        field[66:] as procedures,
        len(field) < 165 as is_short,
        false as has_more_than_pair,
    from split
),

trimmed as (
    select columns(* exclude (case_nr, id)), case_nr, id
    from (
        select
            case_nr,
            id,
            trim(replace(sex, '*', ''), ' ' || chr(9)) as sex,
            trim(replace(age_days, '*', ''), ' ' || chr(9)) as age_days,
            trim(replace(discharge, '*', ''), ' ' || chr(9)) as discharge,
            trim(replace(duration, '*', ''), ' ' || chr(9)) as duration,
            -- Asterisks are taken out last: one by itself holds an empty place.
            [
                replace(token, '*', '')
                for token in string_split_regex(trim(diagnoses, ' ' || chr(9)), '[\s,]+')
            ] as diagnoses,
            [
                replace(token, '*', '')
                for token in string_split_regex(trim(procedures, ' ' || chr(9)), '[\s,]+')
            ] as procedures,
        from given.case_column
    ) as cleaned
),

of_columns as (
    select
        case_nr,
        id,
        sex,
        age_days,
        discharge,
        duration,
        [
            {'code': split_part(token, '+', 1), 'second_code': split_part(token, '+', 2)}
            for token in diagnoses
        ] as diagnoses,
        procedures,
        false as is_short,
        list_bool_or([split_part(token, '+', 3) <> '' for token in diagnoses]) as has_more_than_pair,
    from trimmed
)

select * from of_string
union all by name
select * from of_columns
