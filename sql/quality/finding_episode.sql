-- what: accepted episodes as a check reads them: the hospital's own id, where, when, and the reason why it counts or not
-- grain: one row per accepted episode
-- key: episode_nr
-- as: view
-- source: regulation §3.8
select
    episode_nr,
    episode_id as row_key,
    sector,
    hf_orgnr,
    institution_id,
    unit_id,
    reason,
    is_department_stay,
    patient_id,
    start_date,
    end_date,
    start_s,
    end_s,
    start_time_known,
    end_time_known,
    contact_type,
    municipality_number,
    birth_year,
    discharge_ready_date,
    main_condition,
    outside_isf,
    drg,
    hdg,
from episode
