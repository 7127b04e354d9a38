-- what: patients behind each row of `grunnlag` that counts what belongs to patients
-- grain: one row per step, reason and sector
-- key: steg, arsak, sektor
-- source: docs/published-tables.md (numbers below 5 patients)
with
-- More rows than this of less than five patients do not fit into a year; whose they are need not be looked up.
small_file as (
    select file from landing.row_account where rows_loaded < 10000
),

file_patient as (
    select 'episode' as file, pasientID as patient_id from landing.episode
    union all
    select 'hresept' as file, pasientID as patient_id from landing.hresept
    union all
    select
        child.file,
        episode.pasientID as patient_id,
    from (
        select 'tilstand' as file, episode_nr from landing.tilstand
        union all
        select 'prosedyre' as file, episode_nr from landing.prosedyre
        union all
        select 'helseperson' as file, episode_nr from landing.helseperson
        union all
        select 'takst' as file, episode_nr from landing.takst
    ) as child
    inner join landing.episode as episode on episode.episode_nr = child.episode_nr
    where child.file in (select file from small_file)
),

loaded as (
    select
        account.file,
        account.rows_loaded,
        coalesce(counted.patients, account.rows_loaded) as patients,
    from landing.row_account as account
    left join (
        select
            file,
            count(distinct patient_id) as patients,
        from file_patient
        where file in (select file from small_file)
        group by file
    ) as counted on counted.file = account.file
    where account.file not in ('enhet', 'akonto')
),

-- A quarantined row says whose it is itself, or by its episode; rows that do not are taken as one patient's.
quarantined as (
    select
        quarantine.file,
        quarantine.reason,
        count(distinct coalesce(
            quarantine.row_content ->> '$.pasientID',
            episode.pasientID,
            quarantine.row_content ->> '$.episodeID',
            ''
        )) as patients,
    from landing.quarantine as quarantine
    left join landing.episode as episode on episode.episodeID = trim(quarantine.row_content ->> '$.episodeID')
    where quarantine.file not in ('enhet', 'akonto')
    group by quarantine.file, quarantine.reason
),

file_row as (
    select
        'fil:' || file as steg,
        'lastet' as arsak,
        'alle' as sektor,
        patients,
    from loaded
    union all
    select
        'fil:' || loaded.file as steg,
        'rader inn' as arsak,
        'alle' as sektor,
        greatest(loaded.patients, coalesce(max(quarantined.patients), 0)) as patients,
    from loaded
    left join quarantined on quarantined.file = loaded.file
    group by loaded.file, loaded.patients
    union all
    select
        'fil:' || file as steg,
        'karantene: ' || reason as arsak,
        'alle' as sektor,
        patients,
    from quarantined
),

patient_row as (
    select 'episode' as steg, reason as arsak, sector as sektor, patient_id from episode
    union all
    select 'resept' as steg, reason as arsak, 'SOM' as sektor, patient_id from prescription
    union all
    select
        'opphold' as steg,
        case
            when is_phv_inpatient then 'phv_inpatient'
            when has_department_stay then 'hospital_stay'
            else 'outpatient_stay'
        end as arsak,
        sector as sektor,
        patient_id,
    from stay
    union all
    select 'opphold' as steg, 'merged_into_another' as arsak, sector as sektor, patient_id from stay where episodes > 1
    union all
    select 'sertjeneste' as steg, status as arsak, sector as sektor, patient_id from service
    union all
    select
        'sertjeneste' as steg,
        'merged_into_first' as arsak,
        sector as sektor,
        patient_id,
    from service
    where candidates > 1
    union all
    select 'forlop' as steg, tfg as arsak, sector as sektor, patient_id from pathway
    union all
    select
        'forlop' as steg,
        'member: ' || member.unit_type as arsak,
        'SOM' as sektor,
        pathway.patient_id,
    from pathway_member as member
    inner join pathway on pathway.pathway_id = member.pathway_id
),

estimated as (
    select
        steg,
        arsak,
        sektor,
        approx_count_distinct(patient_id) as patients,
    from patient_row
    group by steg, arsak, sektor
),

-- Only few groups are near the limit; the estimate is a few per cent off.
exact as (
    select
        patient_row.steg,
        patient_row.arsak,
        patient_row.sektor,
        count(distinct patient_row.patient_id) as patients,
    from patient_row
    inner join estimated
        on estimated.steg = patient_row.steg
        and estimated.arsak = patient_row.arsak
        and estimated.sektor = patient_row.sektor
    where estimated.patients < 100
    group by patient_row.steg, patient_row.arsak, patient_row.sektor
)

select steg, arsak, sektor, patients from file_row
union all
select
    estimated.steg,
    estimated.arsak,
    estimated.sektor,
    coalesce(exact.patients, estimated.patients) as patients,
from estimated
left join exact
    on exact.steg = estimated.steg and exact.arsak = estimated.arsak and exact.sektor = estimated.sektor
