-- what: quarantined episodes as they would load if what is missing or unreadable were what the unit usually reports
-- grain: one row per quarantined row of the episode file that has a date
-- key: line
-- source: docs/delivery.md; regulation §3.5
with
given as (
    select
        line,
        reason,
        row_content as row,
        trim(row_content ->> '$.avdeling') as avdeling,
        trim(row_content ->> '$.institusjonID') as institusjonID,
        upper(trim(row_content ->> '$.drg')) as drg,
        replace(trim(row_content ->> '$.innDatoTid'), 'T', ' ') as start_text,
        replace(trim(row_content ->> '$.utDatoTid'), 'T', ' ') as end_text,
    from landing.quarantine
    where file = 'episode' and reason <> 'wrong_field_count'
),

unit_usual as (
    select
        avdeling,
        mode(institusjonID order by institusjonID) as institusjonID,
        mode(hf order by hf) as hf,
        mode(sektor order by sektor) as sektor,
        mode(episodetype order by episodetype) as episodetype,
    from landing.episode
    where avdeling in (select avdeling from given)
    group by avdeling
),

institution_usual as (
    select
        institusjonID,
        mode(hf order by hf) as hf,
        mode(avdeling order by avdeling) as avdeling,
        mode(sektor order by sektor) as sektor,
        mode(episodetype order by episodetype) as episodetype,
    from landing.episode
    where institusjonID in (select institusjonID from given)
    group by institusjonID
),

read as (
    select
        given.*,
        try_cast(start_text as timestamp) as started,
        try_cast(end_text as timestamp) as ended,
        coalesce(unit_usual.hf, institution_usual.hf) as usual_hf,
        coalesce(unit_usual.institusjonID, given.institusjonID) as usual_institution,
        institution_usual.avdeling as usual_unit,
        coalesce(unit_usual.sektor, institution_usual.sektor) as usual_sector,
        coalesce(unit_usual.episodetype, institution_usual.episodetype) as usual_type,
    from given
    left join unit_usual on unit_usual.avdeling = given.avdeling
    left join institution_usual on institution_usual.institusjonID = given.institusjonID
)

select
    line,
    reason,
    coalesce(trim(row ->> '$.episodeID'), '') as episodeID,
    -- Without an id the row is a patient of its own.
    coalesce(nullif(trim(row ->> '$.pasientID'), ''), 'linje ' || line) as pasientID,
    if(row ->> '$.sektor' in ('SOM', 'VOP', 'BUP', 'TSB'), row ->> '$.sektor', usual_sector) as sektor,
    coalesce(nullif(institusjonID, ''), usual_institution) as institusjonID,
    coalesce(nullif(trim(row ->> '$.hf'), ''), usual_hf) as hf,
    coalesce(nullif(avdeling, ''), usual_unit) as avdeling,
    if(row ->> '$.episodetype' in ('A', 'K'), row ->> '$.episodetype', usual_type) as episodetype,
    coalesce(started, ended) as innDatoTid,
    coalesce(started, ended) is not null and len(coalesce(start_text, end_text)) > 10 as innTidKjent,
    ended as utDatoTid,
    ended is not null and len(end_text) > 10 as utTidKjent,
    try_cast(row ->> '$.omsorgsniva' as bigint) as omsorgsniva,
    try_cast(row ->> '$.kontaktType' as bigint) as kontaktType,
    try_cast(row ->> '$.stedAktivitet' as bigint) as stedAktivitet,
    try_cast(row ->> '$.innmateHast' as bigint) as innmateHast,
    try_cast(row ->> '$.inntilstand' as bigint) as inntilstand,
    try_cast(row ->> '$.debitor' as bigint) as debitor,
    try_cast(row ->> '$.komNrHjem' as integer) as komNrHjem,
    try_cast(row ->> '$.kjonn' as bigint) as kjonn,
    try_cast(row ->> '$.fodselsar' as bigint) as fodselsar,
    try_cast(row ->> '$.utskrKlarDato' as date) as utskrKlarDato,
    nullif(drg, '') as drg,
    try_cast(row ->> '$.hdg' as bigint) as hdg,
from read
where coalesce(started, ended) is not null
