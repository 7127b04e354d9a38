-- what: an H-resept line with two indications that disagree: the one that counts now; the range holds the other
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: line_other_indication
-- source: regulation §7.7
with
asked as (
    select
        finding.finding_nr,
        finding.row_key,
        line.dispensing_code,
        line.prescription_code,
        prescription.indication as counted_code,
    from finding
    inner join finding_line as line on line.dispensing_id = finding.row_key
    inner join prescription on prescription.dispensing_id = finding.row_key
    where finding.repair = 'line_other_indication'
),

candidate as (
    select finding_nr, row_key, counted_code, 1 as variant, dispensing_code as code from asked
    union all
    select finding_nr, row_key, counted_code, 2 as variant, prescription_code as code from asked
)

select
    finding_nr,
    variant,
    -- What counts now is what comes first in the table of medicines.
    if(code = counted_code, 1, 0) as weight,
    'hresept' as file,
    row_key,
    unnest(['refusjonsKodeUtlevering', 'refusjonsKodeResept']) as column_name,
    code as value,
from candidate
