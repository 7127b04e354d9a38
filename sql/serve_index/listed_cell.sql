-- what: the ledger in small: what the lists of `isf serve` add up where no single unit and no municipality is asked for
-- grain: one row per treating trust, region that pays, sector, rule, group, month and whether it is of a region
-- key: hf_orgnr, residence_rhf_orgnr, sector, rule, group_code, month, is_regional
-- source: docs/serve.md; docs/regelverk.md 0
-- column is_regional: of the rows that belong to a region and to no unit
-- column units: units of whose rows this is the first: their sum over all rules is the number of units
select
    hf_orgnr,
    residence_rhf_orgnr,
    sector,
    rule,
    group_code,
    month,
    unit_type = 'region' as is_regional,
    count(*) as ledger_rows,
    count(*) filter (where is_first and unit_type <> 'region') as units,
    cast(sum(points) as decimal(18, 3)) as points,
from listed_row
group by all
order by hf_orgnr, residence_rhf_orgnr
