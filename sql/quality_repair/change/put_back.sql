-- what: a quarantined episode put back, with what its unit usually reports in place of what is missing or cannot be read
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: put_back
-- source: regulation §3.5; docs/delivery.md
select
    finding.finding_nr,
    1 as variant,
    1 as weight,
    'episode' as file,
    cast(-quarantined.line as varchar) as row_key,
    '+' as column_name,
    cast(null as varchar) as value,
from finding
inner join quarantined_episode as quarantined on quarantined.line = finding.line
where finding.repair = 'put_back' and finding.row_type = 'episode'
union all
select
    finding.finding_nr,
    1 as variant,
    1 as weight,
    'hresept' as file,
    cast(-quarantined.line as varchar) as row_key,
    '+' as column_name,
    cast(null as varchar) as value,
from finding
inner join quarantined_line as quarantined on quarantined.line = finding.line
where finding.repair = 'put_back' and finding.row_type = 'hresept'
