-- what: what this second delivery changed in the first of its tertial
-- grain: one row per file, row_id, change
-- key: file, row_id, change
-- source: docs/synthetic-data.md
-- `kind` is the corrected error's. An error of a row that was registered late was in no delivery.
with corrected as (
    select * from error_row
    where
        corrected
        and row_id not in (select row_id from revision where change = 'added')
        and row_id not in (select "utleveringID" from late_line)
)

select * from (
    select
        'episode' as file,
        row_id,
        change,
        null as kind,
        if(change = 'recoded', 'drg', null) as column_name,
        if(change = 'recoded', former_drg, null) as former_value,
        if(change = 'recoded', drg, null) as value,
        hf
    from revision
    union all
    select
        'hresept',
        "utleveringID",
        'added',
        null,
        null,
        null,
        null,
        hf
    from late_line
    union all
    select
        file,
        row_id,
        'error_corrected',
        kind,
        column_name,
        wrong,
        original,
        hf
    from corrected
)
order by file, row_id, change
