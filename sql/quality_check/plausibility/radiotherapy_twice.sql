-- what: radiotherapy attendances that two files of the same trust report
-- grain: one row per failing row
-- key: episode_nr
-- check: plausibility
-- source: regulation §5.2.6
with
radiotherapy as (
    select
        episode_nr,
        patient_id,
        hf_orgnr,
        institution_id,
        start_s,
        drg,
    from episode
    where not is_department_stay
        and sector = 'SOM'
        and episode_nr in (
            select episode_nr from landing.prosedyre
            where kode in (
                select distinct procedure.kode
                from landing.prosedyre as procedure
                inner join check_parameter as prefix
                    on prefix.check_id = 'radiotherapy_twice'
                    and prefix.parameter = 'procedure_prefix'
                    and starts_with(procedure.kode, prefix.value)
            )
        )
),

-- The institution that reports most of the trust's radiotherapy is its radiotherapy unit; the others repeat it.
reporter as (
    select
        hf_orgnr,
        institution_id,
        count(*) as attendances,
    from radiotherapy
    group by hf_orgnr, institution_id
),

placed as (
    select
        radiotherapy.episode_nr,
        radiotherapy.drg,
        row_number() over same_attendance as place,
        radiotherapy.institution_id <> first_value(radiotherapy.institution_id) over same_attendance as elsewhere,
    from radiotherapy
    inner join reporter
        on reporter.hf_orgnr = radiotherapy.hf_orgnr and reporter.institution_id = radiotherapy.institution_id
    window same_attendance as (
        partition by radiotherapy.patient_id, radiotherapy.hf_orgnr, radiotherapy.start_s
        order by reporter.attendances desc, radiotherapy.institution_id, radiotherapy.episode_nr
    )
)

select
    episode.episode_nr,
    placed.drg as value,
from placed
inner join finding_episode as episode on episode.episode_nr = placed.episode_nr
where placed.elsewhere
