-- what: a row that is there twice, taken out
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: removed
-- source: regulation §3.5, §3.8
select
    finding_nr,
    1 as variant,
    1 as weight,
    row_type as file,
    if(row_type = 'episode', cast(episode_nr as varchar), row_key) as row_key,
    '-' as column_name,
    cast(null as varchar) as value,
from finding
where repair = 'removed' and row_type in ('episode', 'hresept')
union all
-- Of the rows of two trusts either may be the one too many: this one stays.
select
    finding.finding_nr,
    2 as variant,
    1 as weight,
    'none' as file,
    cast(finding.episode_nr as varchar) as row_key,
    cast(null as varchar) as column_name,
    cast(null as varchar) as value,
from finding
inner join episode as own on own.episode_nr = finding.episode_nr
inner join episode as partner on partner.episode_nr = finding.partner_nr
where finding.repair = 'removed' and partner.hf_orgnr <> own.hf_orgnr
