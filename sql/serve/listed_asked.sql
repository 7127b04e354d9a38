-- what: the sums in small as far as they are asked for
-- grain: one row per trust, region, sector, rule, group, month and whether it is of a region
-- key: hf_orgnr, residence_rhf_orgnr, sector, rule, group_code, month, is_regional
-- source: docs/serve.md
-- column municipality_number: not known here
-- What is asked for is in variables of the connection, as for `listed_chosen`.
select
    hf_orgnr,
    residence_rhf_orgnr,
    0 as municipality_number,
    sector,
    rule,
    group_code,
    month,
    is_regional,
    ledger_rows,
    units,
    points,
from index.main.listed_cell
where (getvariable('hf') is null or hf_orgnr = getvariable('hf'))
    and (getvariable('rhf') is null or residence_rhf_orgnr = getvariable('rhf'))
    and (getvariable('rule') is null or rule = getvariable('rule'))
    and (getvariable('month') is null or month = getvariable('month'))
    and (getvariable('group_code') is null or group_code = getvariable('group_code'))
    and (getvariable('sector') is null or sector = getvariable('sector'))
