-- what: patients of weekend leaves whose lighter stay, or its points, may differ
-- grain: one row per patient and pair
-- key: patient_id
-- source: docs/regelverk.md 3, weekend leave; regulation §7.14
select
    'weekend_leave' as cause,
    pair.patient_id,
from weekend_pair as pair
inner join changed_drg
    on changed_drg.sector = pair.sector
    and changed_drg.drg in (pair.drg, pair.next_drg)
    and changed_drg.has_other_base_points
