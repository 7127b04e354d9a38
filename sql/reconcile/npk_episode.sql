-- what: what NPK says of each episode's stay, beside what the settlement made of the episode
-- grain: one row per accepted episode
-- key: episode_nr
-- source: docs/delivery.md (npkOppholdID, npkOppholdDRG, npkOppholdISFPoeng)
select
    judged.episode_nr,
    judged.episode_id,
    judged.patient_id,
    judged.sector,
    judged.hf_orgnr,
    judged.reason,
    stay_episode.stay_nr,
    reported.npkOppholdID as npk_id,
    reported.npkOppholdDRG as npk_drg,
    reported.npkOppholdISFPoeng as npk_points,
from settled.episode as judged
inner join settled_landing.episode as reported on reported.episode_nr = judged.episode_nr
left join settled.stay_episode as stay_episode on stay_episode.episode_nr = judged.episode_nr
