-- what: members of pathways end at 0: the pathway is paid instead
-- grain: one row per member with points of its own
-- key: unit_type, unit_id
-- source: docs/regelverk.md 5, tfg_member; regulation §3.11 f
with
stay_sum as (
    select
        stay_nr,
        sum(points) as points,
    from stay_points
    where stay_nr in (select stay_nr from pathway_member)
    group by stay_nr
)

select
    member.unit_type,
    member.unit_id,
    member.stay_nr,
    member.rule,
    'taken_over' as kind,
    -stay_sum.points as points,
from pathway_member as member
inner join stay_sum on stay_sum.stay_nr = member.stay_nr
where stay_sum.points <> 0
union all
select
    member.unit_type,
    member.unit_id,
    member.stay_nr,
    member.rule,
    'taken_over' as kind,
    -service_points.points as points,
from pathway_member as member
inner join service_points on service_points.service_id = member.unit_id
where member.unit_type = 'service' and service_points.points <> 0
