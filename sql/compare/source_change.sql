-- what: what changed in each episode and prescription line that is looked at, by the precedence of the causes
-- grain: one row per source with a change
-- key: source_kind, source_id
-- source: regulation §3.5; docs/compare.md (the precedence)
with
looked_at as (
    select distinct source_id from looked_at_source where source_kind = 'episode'
),

episode as (
    select
        'again' as state,
        reported.*,
        judged.reason,
        procedure.codes as prosedyre,
        condition.codes as tilstand,
        person.codes as helseperson,
        tariff.codes as takst,
    from earlier_landing.episode as reported
    inner join again.episode as judged on judged.episode_nr = reported.episode_nr
    left join reported_code as procedure
        on procedure.state = 'again' and procedure.episode_nr = reported.episode_nr and procedure.what = 'prosedyre'
    left join reported_code as condition
        on condition.state = 'again' and condition.episode_nr = reported.episode_nr and condition.what = 'tilstand'
    left join reported_code as person
        on person.state = 'again' and person.episode_nr = reported.episode_nr and person.what = 'helseperson'
    left join reported_code as tariff
        on tariff.state = 'again' and tariff.episode_nr = reported.episode_nr and tariff.what = 'takst'
    where reported.episodeID in (select source_id from looked_at)
    union all by name
    select
        'later' as state,
        reported.*,
        judged.reason,
        procedure.codes as prosedyre,
        condition.codes as tilstand,
        person.codes as helseperson,
        tariff.codes as takst,
    from later_landing.episode as reported
    inner join later.episode as judged on judged.episode_nr = reported.episode_nr
    left join reported_code as procedure
        on procedure.state = 'later' and procedure.episode_nr = reported.episode_nr and procedure.what = 'prosedyre'
    left join reported_code as condition
        on condition.state = 'later' and condition.episode_nr = reported.episode_nr and condition.what = 'tilstand'
    left join reported_code as person
        on person.state = 'later' and person.episode_nr = reported.episode_nr and person.what = 'helseperson'
    left join reported_code as tariff
        on tariff.state = 'later' and tariff.episode_nr = reported.episode_nr and tariff.what = 'takst'
    where reported.episodeID in (select source_id from looked_at)
),

line as (
    select
        'again' as state,
        reported.*,
        judged.reason,
    from earlier_landing.hresept as reported
    inner join again.prescription as judged on judged.dispensing_id = reported.utleveringID
    union all by name
    select
        'later' as state,
        reported.*,
        judged.reason,
    from later_landing.hresept as reported
    inner join later.prescription as judged on judged.dispensing_id = reported.utleveringID
),

looked_at_line as (
    select * from line
    where utleveringID in (select source_id from looked_at_source where source_kind = 'hresept')
),

episode_change as (
    select
        'episode' as source_kind,
        coalesce(before.episodeID, after.episodeID) as source_id,
        case
            when before.episodeID is null then 'ny'
            when after.episodeID is null then 'borte'
            when before.pasientID <> after.pasientID then 'pasient'
            when before.reason <> after.reason
                then 'rett_' || if(after.reason = 'included', before.reason, after.reason)
            when before.drg is distinct from after.drg then 'drg'
            when before.hdg is distinct from after.hdg then 'drg'
            -- NPK's group of the stay counts only where the settlement takes the DRG from it.
            when before.npkOppholdDRG is distinct from after.npkOppholdDRG
                and (select drg_source from later_ref.run_option) = 'npk'
                then 'drg'
            when before.prosedyre is distinct from after.prosedyre then 'prosedyre'
            when before.tilstand is distinct from after.tilstand then 'tilstand'
            when before.helseperson is distinct from after.helseperson then 'helseperson'
            when before.takst is distinct from after.takst then 'takst'
            when before.stedAktivitet is distinct from after.stedAktivitet then 'stedAktivitet'
            when before.innDatoTid is distinct from after.innDatoTid then 'innDatoTid'
            when before.utDatoTid is distinct from after.utDatoTid then 'utDatoTid'
            when before.utskrKlarDato is distinct from after.utskrKlarDato then 'utskrKlarDato'
            when before.komNrHjem is distinct from after.komNrHjem then 'komNrHjem'
            when before.hf is distinct from after.hf then 'hf'
            when before.institusjonID is distinct from after.institusjonID then 'institusjonID'
            when before.avdeling is distinct from after.avdeling then 'avdeling'
            when before.sektor is distinct from after.sektor then 'sektor'
            when before.episodetype is distinct from after.episodetype then 'episodetype'
            when before.kontaktType is distinct from after.kontaktType then 'kontaktType'
            when before.omsorgsniva is distinct from after.omsorgsniva then 'omsorgsniva'
            when before.innmateHast is distinct from after.innmateHast then 'innmateHast'
            when before.inntilstand is distinct from after.inntilstand then 'inntilstand'
            when before.fodselsar is distinct from after.fodselsar then 'fodselsar'
            when before.debitor is distinct from after.debitor then 'debitor'
        end as cause,
    from (select * from episode where state = 'again') as before
    full outer join (select * from episode where state = 'later') as after on after.episodeID = before.episodeID
),

line_change as (
    select
        'hresept' as source_kind,
        coalesce(before.utleveringID, after.utleveringID) as source_id,
        case
            when before.utleveringID is null or after.utleveringID is null then 'hresept'
            when before.pasientID <> after.pasientID then 'pasient'
            when before.reason <> after.reason
                then 'rett_' || if(after.reason = 'included', before.reason, after.reason)
            when before.utleveringsdato is distinct from after.utleveringsdato
                or before.atc is distinct from after.atc
                or before.varenr is distinct from after.varenr
                or before.refusjonsKodeResept is distinct from after.refusjonsKodeResept
                or before.refusjonsKodeUtlevering is distinct from after.refusjonsKodeUtlevering
                or before.hf is distinct from after.hf
                or before.komNrHjem is distinct from after.komNrHjem
                or before.belop is distinct from after.belop
                then 'hresept'
        end as cause,
    from (select * from looked_at_line where state = 'again') as before
    full outer join (select * from looked_at_line where state = 'later') as after
        on after.utleveringID = before.utleveringID
),

change as (
    select source_kind, source_id, cause from episode_change where cause is not null
    union all
    select source_kind, source_id, cause from line_change where cause is not null
)

select
    change.source_kind,
    change.source_id,
    -- New or gone because the other delivery had set the row aside.
    if(
        change.cause in ('ny', 'borte', 'hresept') and (change.source_kind, change.source_id) in (
            select (source_kind, source_id) from quarantined_source
        ),
        'karantene',
        change.cause
    ) as cause,
from change
