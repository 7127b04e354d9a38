-- what: episodes and prescription lines that one of the deliveries set aside
-- grain: one row per state, kind and id
-- key: state, source_kind, source_id
-- source: docs/delivery.md
with
set_aside as (
    select 'again' as state, file, row_content from earlier_landing.quarantine
    union all
    select 'later' as state, file, row_content from later_landing.quarantine
)

select distinct
    state,
    if(file = 'episode', 'episode', 'hresept') as source_kind,
    json_extract_string(row_content, if(file = 'episode', '$.episodeID', '$.utleveringID')) as source_id,
from set_aside
where file in ('episode', 'hresept')
