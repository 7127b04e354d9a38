-- what: procedure codes and H-resept lines that could make a special service
-- grain: one row per candidate
-- key: candidate_kind, candidate_id, stg
-- plain: candidate_id, patient_id
-- source: docs/regelverk.md 4; regulation §4.19, §4.20, §7.7
with
procedure_candidate as (
    select distinct
        'episode' as candidate_kind,
        episode.episode_id as candidate_id,
        episode.patient_id,
        episode.sector,
        -- An included episode may have got another HDG with a replaced DRG (§7.20).
        if(episode.reason = 'included', coalesce(for_hdg.stg, for_all.stg), service.stg) as stg,
        -- A candidate lies in the period of its end; "first" is by its start.
        episode.end_date as period_date,
        episode.start_s as first_s,
        episode.institution_id,
        episode.hf_orgnr,
        episode.municipality_number,
        episode.residence_rhf_orgnr,
    from procedure_service as service
    inner join episode on episode.episode_nr = service.episode_nr
    left join service_code as for_hdg
        on for_hdg.procedure = service.procedure
        and for_hdg.sector = episode.sector
        and for_hdg.age_group = service.age_group
        and for_hdg.hdg = cast(episode.hdg as varchar)
    left join service_code as for_all
        on for_all.procedure = service.procedure
        and for_all.sector = episode.sector
        and for_all.age_group = service.age_group
        and for_all.hdg = '*'
    where episode.reason in ('included', 'reports_service')
        -- §3.2.3 c: PHV/TSB department stays give no service; contacts that they take do (assumption).
        and not (episode.sector = 'PHVTSB' and episode.is_department_stay)
),

prescription_candidate as (
    select
        'hresept' as candidate_kind,
        dispensing_id as candidate_id,
        patient_id,
        'SOM' as sector,
        stg,
        dispensing_date as period_date,
        date_diff('second', timestamp '1970-01-01 00:00:00', cast(dispensing_date as timestamp)) as first_s,
        -- The prescriber's trust is both institution and trust (section 4 b).
        hf_orgnr as institution_id,
        hf_orgnr,
        municipality_number,
        residence_rhf_orgnr,
    from prescription
    where reason in ('included', 'missing_indication')
),

candidate as (
    select * from procedure_candidate where stg is not null
    union all
    select * from prescription_candidate where stg is not null
)

select
    candidate.candidate_kind,
    candidate.candidate_id,
    candidate.patient_id,
    candidate.sector,
    candidate.stg,
    case stg_period.period
        when 'month' then strftime(candidate.period_date, '%Y-%m')
        when 'tertial' then year(candidate.period_date) || '-T' || ((month(candidate.period_date) + 3) // 4)
        else cast(year(candidate.period_date) as varchar)
    end as period,
    candidate.period_date,
    candidate.first_s,
    candidate.institution_id,
    candidate.hf_orgnr,
    candidate.municipality_number,
    candidate.residence_rhf_orgnr,
from candidate
inner join stg_period on stg_period.stg = candidate.stg
