-- what: the tariff codes of the episodes of each trial
-- grain: one row per trial and row
-- key: episode_nr and the columns of the row
-- source: docs/quality/README.md
with
put_back as (
    select
        trim(row_content ->> '$.episodeID') as episode_id,
        upper(trim(row_content ->> '$.takst')) as takst,
    from reported.quarantine
    where file = 'takst' and reason = 'parent_quarantined'
),

added_row as (
    select
        episode.episode_nr,
        put_back.* exclude (episode_id),
    from put_back
    inner join episode
        on episode.source_nr < 0
        and episode.episodeID = episode.clone_nr || '|' || put_back.episode_id || '#' || episode.source_nr
)

select
    episode.episode_nr,
    given.takst,
from reported.takst as given
inner join episode on episode.source_nr = given.episode_nr
union all
select * from added_row
