-- what: accepted episodes as a check reports them: the hospital's own id, where, when, and what the row would earn
-- grain: one row per accepted episode
-- key: episode_nr
-- as: view
-- source: regulation §3.8
select
    episode.episode_nr,
    'episode' as row_type,
    episode.episode_id as row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    strftime(coalesce(episode.end_date, episode.start_date), '%Y-%m') as month,
    episode.reason,
    episode.is_department_stay,
    episode.patient_id,
    episode.start_date,
    episode.end_date,
    episode.start_s,
    episode.end_s,
    episode.start_time_known,
    episode.end_time_known,
    episode.contact_type,
    episode.municipality_number,
    episode.birth_year,
    episode.discharge_ready_date,
    episode.main_condition,
    episode.outside_isf,
    episode.drg,
    episode.hdg,
    coalesce(lost_point.points, 0) as lost_points,
from episode
left join lost_point on lost_point.episode_nr = episode.episode_nr
