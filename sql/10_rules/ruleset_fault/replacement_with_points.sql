-- what: DRGs that stand for care outside ISF and give points
-- grain: one row per fault; no rows when all is well
-- key: place, fault
-- source: regulation §7.20, §8.5
with
replacement as (
    select place, 'replacement_drg_som' as name, replacement_drg_som as drg, 'SOM' as sector
    from ref.non_isf_main_condition
    union all
    select place, 'replacement_drg_phvtsb', replacement_drg_phvtsb, 'PHVTSB' from ref.non_isf_main_condition
)

select
    replacement.place,
    replacement.name || ' ''' || replacement.drg || ''' has ' || drg.base_points || ' base points' as fault,
    'Care outside ISF needs a DRG with 0 base points.' as remedy,
from replacement
inner join ref.drg as drg on drg.sector = replacement.sector and drg.drg = replacement.drg
where drg.base_points <> 0
