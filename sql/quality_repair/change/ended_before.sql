-- what: the earlier of two overlapping stays ends when the later begins; at the most the later is taken out
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
union all
-- The same stay reported by both: it widens the range only.
select
    finding_nr,
    2 as variant,
    0 as weight,
    'episode' as file,
    cast(episode_nr as varchar) as row_key,
    '-' as column_name,
    cast(null as varchar) as value,
from finding
where repair = 'ended_before' and check_id = 'inpatient_in_two_hospitals'
