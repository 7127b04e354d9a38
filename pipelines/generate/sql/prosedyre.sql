-- What:  The contract's table of procedures.
-- Key:   episodeID, prosNr
with listed as (
    select "episodeID", generate_subscripts(procedures, 1) as nr, unnest(procedures) as code from coded
)
select "episodeID", nr::tinyint as "prosNr", code[1] as kodeverk, code[3:] as kode from listed
