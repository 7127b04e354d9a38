-- what: the episodes of each trial: the patients' own, without what is taken out, with what is put back or changed
-- grain: one row per trial and episode
-- key: episode_nr; clone_nr, source_nr
-- source: docs/quality/README.md
with
-- Two findings that are put right together may change the same value.
asked as (
    select
        clone.clone_nr,
        cast(change.row_key as bigint) as source_nr,
        change.column_name,
        min(change.value) as value,
    from change
    inner join clone on clone.finding_nr = change.finding_nr and clone.variant = change.variant
    where change.file = 'episode'
    group by clone.clone_nr, source_nr, change.column_name
),

-- An empty text takes a value away.
change_set as (
    select
        clone_nr,
        source_nr,
        bool_or(column_name = '-') as is_removed,
        map(
            coalesce(list(column_name order by column_name) filter (where column_name not in ('+', '-')), []),
            coalesce(list(value order by column_name) filter (where column_name not in ('+', '-')), [])
        ) as new_value,
    from asked
    group by clone_nr, source_nr
),

put_back as (
    select
        clone.clone_nr,
        -quarantined.line as source_nr,
        quarantined.* exclude (line, reason),
    from change
    inner join clone on clone.finding_nr = change.finding_nr and clone.variant = change.variant
    inner join quarantined_episode as quarantined on quarantined.line = -cast(change.row_key as bigint)
    where change.file = 'episode' and change.column_name = '+'
),

own as (
    select
        clone_patient.clone_nr,
        reported.episode_nr as source_nr,
        reported.* exclude (episode_nr),
    from reported.episode as reported
    inner join clone_patient on clone_patient.patient_id = reported.pasientID
),

together as (
    select * from own
    union all by name
    select * from put_back
),

-- A unit that is changed is another unit in that trial.
changed_unit as (
    select
        clone.clone_nr,
        change.row_key as unit_id,
    from change
    inner join clone on clone.finding_nr = change.finding_nr and clone.variant = change.variant
    where change.file = 'enhet'
),

numbered as (
    select
        together.clone_nr,
        together.source_nr,
        -- Numbers of rows in quarantine are below zero: moved above it, and apart for each trial.
        together.clone_nr * (bounds.last_nr + bounds.last_line + 1) + bounds.last_line + together.source_nr as episode_nr,
        together.clone_nr || '|' || together.episodeID as episodeID,
        together.clone_nr || '|' || together.pasientID as pasientID,
        if(changed_unit.unit_id is null, together.avdeling, together.clone_nr || '|' || together.avdeling) as avdeling,
        together.* exclude (clone_nr, source_nr, episodeID, pasientID, avdeling),
        change_set.new_value,
    from together
    cross join (
        select
            coalesce((select max(episode_nr) from reported.episode), 0) as last_nr,
            coalesce((select max(line) from quarantined_episode), 0) as last_line,
    ) as bounds
    left join change_set
        on change_set.clone_nr = together.clone_nr and change_set.source_nr = together.source_nr
    left join changed_unit
        on changed_unit.clone_nr = together.clone_nr and changed_unit.unit_id = together.avdeling
    where not coalesce(change_set.is_removed, false)
)

select
    clone_nr,
    source_nr,
    episode_nr,
    -- Rows with one id get one each.
    if(source_nr < 0, episodeID || '#' || source_nr, episodeID) as episodeID,
    pasientID,
    sektor,
    coalesce(new_value['institusjonID'], institusjonID) as institusjonID,
    hf,
    coalesce(new_value['avdeling'], avdeling) as avdeling,
    episodetype,
    coalesce(cast(new_value['innDatoTid'] as timestamp), innDatoTid) as innDatoTid,
    coalesce(cast(new_value['innTidKjent'] as boolean), innTidKjent) as innTidKjent,
    coalesce(cast(new_value['utDatoTid'] as timestamp), utDatoTid) as utDatoTid,
    coalesce(cast(new_value['utTidKjent'] as boolean), utTidKjent) as utTidKjent,
    -- Another end is at its own time of day, unless the trial says that it is at the end of its date as before.
    coalesce(cast(new_value['utKl24'] as boolean), new_value['utDatoTid'] is null and coalesce(utKl24, false)) as utKl24,
    cast(nullif(coalesce(new_value['omsorgsniva'], cast(omsorgsniva as varchar)), '') as bigint) as omsorgsniva,
    kontaktType,
    coalesce(cast(new_value['stedAktivitet'] as bigint), stedAktivitet) as stedAktivitet,
    indirekteAktivitet,
    innmateHast,
    inntilstand,
    utTilstand,
    fraSted,
    tilSted,
    coalesce(cast(new_value['debitor'] as bigint), debitor) as debitor,
    coalesce(cast(new_value['komNrHjem'] as integer), komNrHjem) as komNrHjem,
    bydel,
    kjonn,
    coalesce(cast(new_value['fodselsar'] as bigint), fodselsar) as fodselsar,
    alderDager,
    cast(nullif(coalesce(new_value['utskrKlarDato'], cast(utskrKlarDato as varchar)), '') as date) as utskrKlarDato,
    coalesce(new_value['drg'], drg) as drg,
    cast(nullif(coalesce(new_value['hdg'], cast(hdg as varchar)), '') as bigint) as hdg,
    npkOppholdID,
    npkOppholdDRG,
    npkOppholdISFPoeng,
from numbered
