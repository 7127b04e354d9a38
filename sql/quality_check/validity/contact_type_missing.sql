-- what: contacts without kind of contact, or with one outside the code list
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §4.19, §4.20
select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    cast(reported.kontaktType as varchar) as value,
    cast(0 as decimal(18, 3)) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
where reported.episodetype = 'K'
    and coalesce(cast(reported.kontaktType as varchar) not in (select code from ref.code where field = 'kontaktType'), true)
    -- A value that could not be read is another finding.
    and reported.episode_nr not in (select episode_nr from unparsed_episode where column_name = 'kontaktType')
