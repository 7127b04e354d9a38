-- what: quarantined rows of all files, with the hospital they come from where the row says it
-- grain: one row per quarantined row
-- key: file, line
-- source: docs/delivery.md; regulation §3.5, §3.8
with
content as (
    select
        file,
        line,
        reason,
        column_name,
        value,
        trim(row_content ->> '$.episodeID') as episode_id,
        coalesce(nullif(trim(row_content ->> '$.pasientID'), ''), 'linje ' || line) as patient_id,
        coalesce(row_content ->> '$.innDatoTid', row_content ->> '$.utleveringsdato') as start_text,
        row_content ->> '$.utDatoTid' as end_text,
        trim(row_content ->> '$.utleveringID') as dispensing_id,
        trim(row_content ->> '$.enhetID') as enhet_id,
        trim(row_content ->> '$.hf') as hf_orgnr,
        trim(row_content ->> '$.institusjonID') as institution_id,
        trim(row_content ->> '$.avdeling') as unit_id,
        if(trim(row_content ->> '$.sektor') = 'SOM', 'SOM', 'PHVTSB') as sector,
        coalesce(
            row_content ->> '$.utDatoTid', row_content ->> '$.innDatoTid', row_content ->> '$.utleveringsdato'
        ) as day,
    from landing.quarantine
    where reason <> 'parent_quarantined'
),

-- A row that lacks its trust: the unit, else the episode, tells it.
parent as (
    select episodeID as episode_id, hf, institusjonID as institution_id, avdeling as unit_id, sektor
    from landing.episode
    where episodeID in (select episode_id from content where file not in ('episode', 'hresept', 'enhet'))
)

select
    content.file,
    content.line,
    content.patient_id,
    content.reason,
    content.column_name,
    content.value,
    coalesce(
        if(content.file = 'enhet', content.enhet_id, coalesce(content.episode_id, content.dispensing_id)),
        'linje ' || content.line
    ) as row_key,
    if(parent.episode_id is null, content.sector, if(parent.sektor = 'SOM', 'SOM', 'PHVTSB')) as sector,
    coalesce(content.hf_orgnr, parent.hf, unit.hf) as hf_orgnr,
    coalesce(content.institution_id, parent.institution_id) as institution_id,
    coalesce(content.unit_id, parent.unit_id, if(content.file = 'enhet', content.enhet_id, null)) as unit_id,
    if(regexp_full_match(content.day[:7], '[0-9]{4}-[0-9]{2}'), content.day[:7], null) as month,
    content.start_text,
    content.end_text,
from content
left join parent on parent.episode_id = content.episode_id
left join landing.enhet as unit on unit.enhetID = content.unit_id
