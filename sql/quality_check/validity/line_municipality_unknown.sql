-- what: H-resept lines with a municipality that the year does not have, or that is reported as unknown
-- grain: one row per failing row
-- key: dispensing_id
-- check: validity
-- source: regulation §4.2
select
    line.dispensing_id,
    format('{:04d}', line.municipality_number) as value,
from finding_line as line
where line.municipality_number not in (select municipality_number from ref.municipality)
    and line.municipality_number not in (from ref.numbers('4.2', 'not_resident_municipality'))
