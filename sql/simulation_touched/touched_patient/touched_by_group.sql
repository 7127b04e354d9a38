-- what: patients with an episode in a DRG that is new, gone, of another HDG, or otherwise excepted
-- grain: one row per patient and episode
-- key: patient_id
-- source: docs/regelverk.md 1 and 2; regulation §3.11, §7.18, §8.2
with
excepted as (
    (select kind, sector, drg from ref.drg_exception except select kind, sector, drg from other.drg_exception)
    union
    (select kind, sector, drg from other.drg_exception except select kind, sector, drg from ref.drg_exception)
),

changed as (
    select sector, drg from changed_drg where is_other_group
    union
    select sector, drg from excepted
)

-- Two selects rather than one with `or`: with nothing changed neither reads the episodes.
select
    'group' as cause,
    pasientID as patient_id,
from landing.episode
where (if(sektor = 'SOM', 'SOM', 'PHVTSB'), drg) in (select (sector, drg) from changed)
union all
select
    'group' as cause,
    pasientID as patient_id,
from landing.episode
where (if(sektor = 'SOM', 'SOM', 'PHVTSB'), npkOppholdDRG) in (select (sector, drg) from changed)
union all
-- The replacement for a main condition outside ISF.
select
    'group' as cause,
    patient_id,
from episode
where outside_isf and (sector, drg) in (select (sector, drg) from changed)
