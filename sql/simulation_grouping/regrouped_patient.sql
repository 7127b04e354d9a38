-- what: patients with an episode or a stay that the alternative grouping puts elsewhere
-- grain: one row per patient
-- key: patient_id
-- source: docs/simulation.md
select episode.patient_id
from reported_episode as episode
inner join regrouped.episode_drg as again on again.unit_nr = episode.episode_nr
where again.drg is distinct from episode.drg
union
select stay.patient_id
from stay
inner join regrouped.stay_drg as again on again.unit_nr = stay.stay_nr
where again.drg is distinct from stay.drg and not stay.outside_isf
