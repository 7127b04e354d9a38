-- what: units whose points, trust, region, sector or month differ between the earlier delivery (under the later rules) and the later
-- grain: one row per unit
-- key: unit_type, unit_id
-- source: regulation §3.5
select
    coalesce(before.unit_type, after.unit_type) as unit_type,
    coalesce(before.unit_id, after.unit_id) as unit_id,
    before.unit_id is not null as is_before,
    after.unit_id is not null as is_after,
    before.sector as sector_before,
    before.hf_orgnr as hf_before,
    before.residence_rhf_orgnr as rhf_before,
    before.month as month_before,
    coalesce(before.points, 0) as points_before,
    after.sector as sector_after,
    after.hf_orgnr as hf_after,
    after.residence_rhf_orgnr as rhf_after,
    after.month as month_after,
    coalesce(after.points, 0) as points_after,
    coalesce(before.taken_over_points, 0) <> coalesce(after.taken_over_points, 0) as is_taken_over_otherwise,
from (select * from unit_state where state = 'again') as before
full outer join (select * from unit_state where state = 'later') as after
    on after.unit_type = before.unit_type and after.unit_id = before.unit_id
where coalesce(before.points, 0) <> coalesce(after.points, 0)
    or (
        before.unit_id is not null
        and after.unit_id is not null
        and (
            before.sector is distinct from after.sector
            or before.hf_orgnr is distinct from after.hf_orgnr
            or before.residence_rhf_orgnr is distinct from after.residence_rhf_orgnr
            or before.month is distinct from after.month
        )
    )
