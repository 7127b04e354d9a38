-- what: the index's rows added up, where both a municipality and a group are asked for
-- grain: one row per trust, region, municipality, sector, rule, group, month and whether it is of a region
-- key: hf_orgnr, residence_rhf_orgnr, municipality_number, sector, rule, group_code, month, is_regional
-- source: docs/serve.md
-- What is asked for is in variables of the connection, as for `listed_chosen`.
select
    hf_orgnr,
    residence_rhf_orgnr,
    municipality_number,
    sector,
    rule,
    group_code,
    month,
    unit_type = 'region' as is_regional,
    count(*) as ledger_rows,
    count(*) filter (where is_first and unit_type <> 'region') as units,
    sum(points) as points,
from index.main.listed_row
where (getvariable('hf') is null or hf_orgnr = getvariable('hf'))
    and (getvariable('rhf') is null or residence_rhf_orgnr = getvariable('rhf'))
    and (getvariable('rule') is null or rule = getvariable('rule'))
    and (getvariable('month') is null or month = getvariable('month'))
    and (getvariable('group_code') is null or group_code = getvariable('group_code'))
    and (getvariable('sector') is null or sector = getvariable('sector'))
    and (getvariable('municipality') is null or municipality_number = getvariable('municipality'))
group by all
