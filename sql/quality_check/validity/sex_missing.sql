-- what: episodes without sex, or with a sex outside the code list
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §3.5, NPR message kjonn
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(reported.kjonn as varchar) as value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where coalesce(cast(reported.kjonn as varchar) not in (select code from ref.code where field = 'kjonn'), true)
    -- A delivery may leave the column out altogether.
    and exists (select 1 from landing.episode where kjonn is not null)
    -- A value that could not be read is another finding.
    and reported.episode_nr not in (select episode_nr from unparsed_episode where column_name = 'kjonn')
