-- what: contacts that begin or end exactly at midnight: a time of day that was cut off
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §7.19
select
    episode_nr,
    cast(innDatoTid as varchar) || ' ' || cast(utDatoTid as varchar) as value,
from landing.episode
where episodetype = 'K'
    and (
        (innTidKjent and innDatoTid = date_trunc('day', innDatoTid))
        or (utTidKjent and utDatoTid = date_trunc('day', utDatoTid))
    )
