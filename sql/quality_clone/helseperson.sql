-- what: the performing persons of the episodes of each trial
-- grain: one row per trial and row
-- key: episode_nr and the columns of the row
-- source: docs/quality/README.md
with
put_back as (
    select
        trim(row_content ->> '$.episodeID') as episode_id,
        try_cast(row_content ->> '$.nr' as bigint) as nr,
        try_cast(row_content ->> '$.polUtforende' as bigint) as polUtforende,
    from reported.quarantine
    where file = 'helseperson' and reason = 'parent_quarantined'
),

added_row as (
    select
        episode.episode_nr,
        put_back.* exclude (episode_id),
    from put_back
    inner join episode
        on episode.source_nr < 0
        and episode.episodeID = episode.clone_nr || '|' || put_back.episode_id || '#' || episode.source_nr
),

added_person as (
    select
        episode.episode_nr,
        cast(0 as bigint) as nr,
        cast(change.value as bigint) as polUtforende,
    from change
    inner join clone on clone.finding_nr = change.finding_nr and clone.variant = change.variant
    inner join episode
        on episode.clone_nr = clone.clone_nr and episode.source_nr = cast(change.row_key as bigint)
    where change.file = 'helseperson' and change.column_name = '+'
)

select
    episode.episode_nr,
    given.nr,
    given.polUtforende,
from reported.helseperson as given
inner join episode on episode.source_nr = given.episode_nr
union all
select * from added_row
union all
select * from added_person
