-- what: the answer key of the chunk: injected errors, and what is wrong by nature (`injected` false)
-- grain: one row per file, row_id, kind
-- key: file, row_id, kind
-- source: docs/synthetic-data.md
select
    kind,
    tier,
    file,
    row_id,
    column_name,
    original,
    wrong,
    hf,
    true as injected
from error_row where applies and tier <> 'macro'
union all
select
    'municipality_unknown',
    'validity',
    'episode',
    "episodeID",
    'komNrHjem',
    null,
    "komNrHjem"::varchar,
    hf,
    false
from episode where reason = 'unknown_municipality'
union all
select
    'drg_missing',
    'validity',
    'episode',
    "episodeID",
    'drg',
    null,
    null,
    hf,
    false
from episode where reason = 'ungrouped'
union all
select
    'personnel_unknown',
    'validity',
    'helseperson',
    "episodeID",
    'polUtforende',
    null,
    excluded_value,
    hf,
    false
from episode where reason = 'no_eligible_personnel' and excluded_value = '99'
union all
select
    'line_indication_missing',
    'validity',
    'hresept',
    "utleveringID",
    'refusjonsKodeResept',
    null,
    null,
    hf,
    false
from hresept
where
    "refusjonsKodeResept" is null and "refusjonsKodeUtlevering" is null
    -- What else is wrong with the line does not hide it.
    and line_nr not in (
        select nr from error_row where file = 'hresept' and applies and starts_with(kind, 'line_indication')
    )
union all
select
    'line_municipality_unknown',
    'validity',
    'hresept',
    "utleveringID",
    'komNrHjem',
    null,
    "komNrHjem"::varchar,
    hf,
    false
from hresept where "komNrHjem" = 9999
order by file, row_id, kind
