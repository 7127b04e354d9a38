-- what: NPK's stays: how many episodes they have, how many of our stays those are in, and why others are not
-- grain: one row per patient and NPK stay
-- key: patient_id, npk_id
-- source: docs/delivery.md
select
    patient_id,
    npk_id,
    min(sector) as sector,
    min(hf_orgnr) as hf_orgnr,
    count(*) as episodes,
    count(distinct stay_nr) as stays,
    count(*) filter (where stay_nr is null) as excluded_episodes,
    min(reason) filter (where stay_nr is null) as excluded_reason,
    -- The same value stands on all the stay's episodes; of different ones the least, so that the choice is the same.
    min(npk_drg) as npk_drg,
    min(npk_points) as npk_points,
from npk_episode
where npk_id is not null
group by patient_id, npk_id
