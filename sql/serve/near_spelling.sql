-- what: all spellings that differ from a text by one letter: another, one too few or too many, or two that changed places
-- grain: one row per spelling
-- key: spelling
-- source: docs/serve.md
-- The text is in the variable `text` of the connection.
with
asked as (
    select
        lower(getvariable('text')) as text,
        unnest(generate_series(0, length(getvariable('text')))) as before,
),

letter as (
    -- Letters that ids are made of, and none at all.
    select unnest(['', '|', '-', '_', '.', '/', ' ', 'æ', 'ø', 'å'] || string_split('0123456789abcdefghijklmnopqrstuvwxyz', '')) as letter,
),

changed as (
    -- One letter is another one, or none.
    select left(text, before) || letter || substring(text, before + 2) as spelling from asked cross join letter
    union
    -- One more.
    select left(text, before) || letter || substring(text, before + 1) as spelling from asked cross join letter
    union
    -- Two that changed places.
    select left(text, before) || substring(text, before + 2, 1) || substring(text, before + 1, 1) || substring(text, before + 3) as spelling
    from asked
    where before + 2 <= length(text)
)

select distinct spelling from changed
