-- what: patients with a procedure code whose rows in the service table differ
-- grain: one row per patient and episode
-- key: patient_id
-- source: docs/regelverk.md 4 (a); regulation §4.19, §4.20
with
changed as (
    (
        select procedure, sector, hdg, age_group, stg from ref.stg_procedure
        except
        select procedure, sector, hdg, age_group, stg from other.stg_procedure
    )
    union
    (
        select procedure, sector, hdg, age_group, stg from other.stg_procedure
        except
        select procedure, sector, hdg, age_group, stg from ref.stg_procedure
    )
)

select
    'procedure' as cause,
    episode.patient_id,
from episode
where exists (select 1 from changed)
    and episode.episode_nr in (
        select episode_nr from landing.prosedyre where kode in (select procedure from changed)
    )
