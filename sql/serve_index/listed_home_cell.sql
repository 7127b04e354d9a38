-- what: the ledger in small by the municipality of the patient, over all groups
-- grain: one row per municipality, treating trust, region that pays, sector, rule, month and whether it is of a region
-- key: municipality_number, hf_orgnr, residence_rhf_orgnr, sector, rule, month, is_regional
-- source: docs/serve.md; docs/regelverk.md 0
select
    municipality_number,
    hf_orgnr,
    residence_rhf_orgnr,
    sector,
    rule,
    month,
    unit_type = 'region' as is_regional,
    count(*) as ledger_rows,
    count(*) filter (where is_first and unit_type <> 'region') as units,
    cast(sum(points) as decimal(18, 3)) as points,
from listed_row
group by all
order by municipality_number
