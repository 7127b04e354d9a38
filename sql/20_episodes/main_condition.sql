-- what: the main condition of each episode
-- grain: one row per accepted episode that reports a main condition
-- key: episode_nr
-- source: docs/regelverk.md 2; regulation §7.18
select
    episode_nr,
    -- Of several codes reported as main condition the alphabetically lowest counts, the others are secondary (section 2).
    min(kode) as main_condition,
from landing.tilstand
where tilstNr = 1 and kodeNr = 1
group by episode_nr
