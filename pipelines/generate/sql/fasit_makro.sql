-- What:  Injected irregularities that show in a hospital's figures only: how many of the chunk's rows are concerned.
-- Key:   kind, hf
select kind, hf, count(*) as rows from error_row where applies and tier = 'macro' group by kind, hf order by kind, hf
