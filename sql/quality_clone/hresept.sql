-- what: the H-resept lines of each trial
-- grain: one row per trial and line
-- key: utleveringID
-- source: docs/quality/README.md
with
change_set as (
    select
        clone.clone_nr,
        change.row_key,
        bool_or(change.column_name = '-') as is_removed,
        max(change.value) filter (where change.column_name = 'atc') as atc,
        max(change.value) filter (where change.column_name = 'refusjonsKodeResept') as prescription_code,
        max(change.value) filter (where change.column_name = 'refusjonsKodeUtlevering') as dispensing_code,
        max(change.value) filter (where change.column_name = 'komNrHjem') as municipality_number,
    from change
    inner join clone on clone.finding_nr = change.finding_nr and clone.variant = change.variant
    where change.file = 'hresept' and change.column_name <> '+'
    group by clone.clone_nr, change.row_key
),

put_back as (
    select
        clone.clone_nr,
        cast(-quarantined.line as varchar) as row_key,
        quarantined.* exclude (line),
    from change
    inner join clone on clone.finding_nr = change.finding_nr and clone.variant = change.variant
    inner join quarantined_line as quarantined on quarantined.line = -cast(change.row_key as bigint)
    where change.file = 'hresept' and change.column_name = '+'
),

together as (
    select
        clone_patient.clone_nr,
        line.utleveringID as row_key,
        line.*,
    from reported.hresept as line
    inner join clone_patient on clone_patient.patient_id = line.pasientID
    union all by name
    select * from put_back
)

select
    together.clone_nr || '|' || together.utleveringID || if(starts_with(together.row_key, '-'), together.row_key, '')
        as utleveringID,
    together.clone_nr || '|' || together.pasientID as pasientID,
    together.utleveringsdato,
    coalesce(change_set.atc, together.atc) as atc,
    together.varenr,
    coalesce(change_set.prescription_code, together.refusjonsKodeResept) as refusjonsKodeResept,
    coalesce(change_set.dispensing_code, together.refusjonsKodeUtlevering) as refusjonsKodeUtlevering,
    together.hf,
    coalesce(cast(change_set.municipality_number as integer), together.komNrHjem) as komNrHjem,
    together.fodselsar,
    together.belop,
from together
left join change_set on change_set.clone_nr = together.clone_nr and change_set.row_key = together.row_key
where not coalesce(change_set.is_removed, false)
