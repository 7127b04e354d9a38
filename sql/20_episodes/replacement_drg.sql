-- what: the DRG that replaces an episode's own when its main condition is outside ISF
-- grain: one row per main condition outside ISF and sector
-- key: sector, icd10
-- as: view
-- source: docs/regelverk.md 1; regulation §7.20, §8.5
with
replacement as (
    select icd10, 'SOM' as sector, replacement_drg_som as drg from ref.non_isf_main_condition
    union all
    select icd10, 'PHVTSB' as sector, replacement_drg_phvtsb as drg from ref.non_isf_main_condition
)

select
    replacement.sector,
    replacement.icd10,
    drg.drg,
    drg.hdg,
    drg.cost_weight,
    drg.base_points,
    drg.trim_point,
from replacement
inner join ref.drg as drg on drg.sector = replacement.sector and drg.drg = replacement.drg
