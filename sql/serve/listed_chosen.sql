-- what: the index's rows as far as they are asked for: units with all that their rows give, or rows of one rule
-- grain: one row per unit
-- key: unit_nr
-- source: docs/serve.md
-- column place: of the row in the index, which has the largest units first
-- What is asked for is in variables of the connection: `hf`, `rhf`, `rule`, `month`, `group_code`, `sector` and
-- `municipality`, each null where all are meant, an empty text or 0 for the rows without a value; `text` is an id, upper
-- and lower case alike, or empty, and `owner` whose it is.
select
    rowid as place,
    unit_nr,
    unit_type,
    unit_id,
    sector,
    hf_orgnr,
    residence_rhf_orgnr,
    municipality_number,
    group_code,
    month,
    unit_rules,
    if(getvariable('rule') is null, unit_points, points) as points,
    if(getvariable('rule') is null, unit_refund_nok, refund_nok) as refund_nok,
from index.main.listed_row
where unit_type <> 'region'
    and if(getvariable('rule') is null, is_first, rule = getvariable('rule'))
    and (getvariable('hf') is null or hf_orgnr = getvariable('hf'))
    and (getvariable('rhf') is null or residence_rhf_orgnr = getvariable('rhf'))
    and (getvariable('month') is null or month = getvariable('month'))
    and (getvariable('group_code') is null or group_code = getvariable('group_code'))
    and (getvariable('sector') is null or sector = getvariable('sector'))
    and (getvariable('municipality') is null or municipality_number = getvariable('municipality'))
    and (getvariable('text') = '' or (owner = getvariable('owner') and lower(unit_id) = lower(getvariable('text'))))
