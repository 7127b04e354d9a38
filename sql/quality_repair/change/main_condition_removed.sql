-- what: a main condition outside ISF taken away, so that the reported group counts
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: main_condition_removed
-- source: regulation §7.20, §4.14
select distinct
    finding.finding_nr,
    1 as variant,
    1 as weight,
    'tilstand' as file,
    cast(finding.episode_nr as varchar) as row_key,
    '-' as column_name,
    episode.main_condition as value,
from finding
inner join episode on episode.episode_nr = finding.episode_nr
where finding.repair = 'main_condition_removed' and episode.main_condition is not null
