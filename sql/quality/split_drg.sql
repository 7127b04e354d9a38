-- what: DRG that are split by complication, told by their names, and which side of the split each is
-- grain: one row per sector and DRG whose name has one of the marks of the check share_complicated
-- key: sector, drg
-- source: regulation §3.8, §4.15
select
    drg.sector,
    drg.drg,
    bool_or(mark.parameter = 'mark_with') as is_complicated,
from ref.drg as drg
inner join check_parameter as mark on mark.check_id = 'share_complicated' and contains(drg.name, mark.value)
group by drg.sector, drg.drg
