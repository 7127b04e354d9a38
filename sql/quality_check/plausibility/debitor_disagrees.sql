-- what: payers for patients who live abroad, with a municipality in Norway
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §3.2.1 b, §4.5
select
    reported.episode_nr,
    reported.debitor || ' ' || format('{:04d}', reported.komNrHjem) as value,
from landing.episode as reported
where reported.debitor in (
        select number from check_parameter where check_id = 'debitor_disagrees' and parameter = 'abroad'
    )
    and reported.komNrHjem in (select municipality_number from ref.municipality)
