-- what: optional values of episodes that could not be read and count as missing
-- grain: one row per value
-- key: episode_nr, column_name
-- source: delivery contract section 1
with
-- The number of a row is its number in the file; in text files the header is line 1.
placed as (
    select
        unparsed.line - if(row_account.format = 'parquet', 0, 1) as episode_nr,
        unparsed.column_name,
        unparsed.value,
    from landing.unparsed as unparsed
    inner join landing.row_account as row_account on row_account.file = unparsed.file
    where unparsed.file = 'episode'
)

select
    placed.episode_nr,
    placed.column_name,
    placed.value,
from placed
inner join landing.episode as episode on episode.episode_nr = placed.episode_nr
-- A file with line breaks inside fields has other line numbers: then the value is not missing here, and is left out.
where case placed.column_name
    when 'fodselsar' then episode.fodselsar is null
    when 'debitor' then episode.debitor is null
    when 'komNrHjem' then episode.komNrHjem is null
    when 'utDatoTid' then episode.utDatoTid is null
    when 'utskrKlarDato' then episode.utskrKlarDato is null
    else true
end
