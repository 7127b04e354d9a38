-- what: the first code of the main condition of each episode; of several the alphabetically lowest
-- grain: one row per episode that reports one
-- key: episode_nr
-- source: docs/regelverk.md 2; regulation §7.18
-- column has_more: other codes are reported as main condition too, which are secondary
select
    episode_nr,
    min(kode) as code,
    min(kode) < max(kode) as has_more,
from landing.tilstand
where tilstNr = 1 and kodeNr = 1
group by episode_nr
