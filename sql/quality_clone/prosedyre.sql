-- what: the procedures of the episodes of each trial
-- grain: one row per trial and row
-- key: episode_nr and the columns of the row
-- source: docs/quality/README.md
with
put_back as (
    select
        trim(row_content ->> '$.episodeID') as episode_id,
        try_cast(row_content ->> '$.prosNr' as bigint) as prosNr,
        trim(row_content ->> '$.kodeverk') as kodeverk,
        upper(trim(row_content ->> '$.kode')) as kode,
    from reported.quarantine
    where file = 'prosedyre' and reason = 'parent_quarantined'
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
    given.prosNr,
    given.kodeverk,
    given.kode,
from reported.prosedyre as given
inner join episode on episode.source_nr = given.episode_nr
union all
select * from added_row
