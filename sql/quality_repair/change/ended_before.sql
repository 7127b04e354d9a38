-- what: the earlier of two overlapping stays ends when the later begins
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: ended_before
-- source: regulation §3.8, §7.18
select
    finding.finding_nr,
    1 as variant,
    1 as weight,
    'episode' as file,
    cast(finding.partner_nr as varchar) as row_key,
    'utDatoTid' as column_name,
    cast(later.innDatoTid as varchar) as value,
from finding
inner join landing.episode as later on later.episode_nr = finding.episode_nr
inner join landing.episode as earlier on earlier.episode_nr = finding.partner_nr
where finding.repair = 'ended_before' and earlier.innDatoTid <= later.innDatoTid
