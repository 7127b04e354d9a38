-- what: the sums by municipality as far as they are asked for, over all groups
-- grain: one row per municipality, trust, region, sector, rule, month and whether it is of a region
-- key: municipality_number, hf_orgnr, residence_rhf_orgnr, sector, rule, month, is_regional
-- source: docs/serve.md
-- What is asked for is in variables of the connection, as for `listed_chosen`.
select
    hf_orgnr,
    residence_rhf_orgnr,
    municipality_number,
    sector,
    rule,
    '' as group_code,
    month,
    is_regional,
    ledger_rows,
    units,
    points,
from index.main.listed_home_cell
where (getvariable('hf') is null or hf_orgnr = getvariable('hf'))
    and (getvariable('rhf') is null or residence_rhf_orgnr = getvariable('rhf'))
    and (getvariable('rule') is null or rule = getvariable('rule'))
    and (getvariable('month') is null or month = getvariable('month'))
    and (getvariable('sector') is null or sector = getvariable('sector'))
    and (getvariable('municipality') is null or municipality_number = getvariable('municipality'))
