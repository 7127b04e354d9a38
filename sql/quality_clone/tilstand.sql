-- what: the conditions of the episodes of each trial
-- grain: one row per trial and row
-- key: episode_nr and the columns of the row
-- source: docs/quality/README.md
with
put_back as (
    select
        trim(row_content ->> '$.episodeID') as episode_id,
        try_cast(row_content ->> '$.tilstNr' as bigint) as tilstNr,
        try_cast(row_content ->> '$.kodeNr' as bigint) as kodeNr,
        upper(replace(trim(row_content ->> '$.kode'), '.', '')) as kode,
    from reported.quarantine
    where file = 'tilstand' and reason = 'parent_quarantined'
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

removed as (
    select
        clone.clone_nr,
        cast(change.row_key as bigint) as source_nr,
        change.value as kode,
    from change
    inner join clone on clone.finding_nr = change.finding_nr and clone.variant = change.variant
    where change.file = 'tilstand' and change.column_name = '-'
)

select
    episode.episode_nr,
    given.tilstNr,
    given.kodeNr,
    given.kode,
from reported.tilstand as given
inner join episode on episode.source_nr = given.episode_nr
left join removed
    on removed.clone_nr = episode.clone_nr and removed.source_nr = episode.source_nr and removed.kode = given.kode
where removed.kode is null
union all
select * from added_row
