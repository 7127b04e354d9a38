-- what: the stays of which NPK's own result is made to differ, each with the one reason
-- grain: one row per stay with a difference, and per stay that is merged with such a one
-- key: stay_nr
-- source: docs/synthetic-data.md; docs/reconcile.md (the reasons)
-- A stay that is merged with the one before it has no difference of its own: then nothing has two reasons.
with
point as (
    select
        unit_id as stay_id,
        sum(points) as points,
    from ledger
    where unit_type = 'stay' and kind <> 'taken_over'
    group by unit_id
),

-- The one rule that NPK is made to leave out: no other entry of the stay has the same points.
adjusted as (
    select
        unit_id as stay_id,
        rule,
        points,
        count(*) over (partition by unit_id, points) as alike,
        row_number() over (partition by unit_id order by rule, points) as number,
    from ledger
    where unit_type = 'stay' and kind in ('adjustment', 'zeroing') and points <> 0
),

left_out as (
    select
        stay_id,
        rule,
        points,
    from adjusted
    where alike = 1
    qualify row_number() over (partition by stay_id order by number) = 1
),

-- A point more than here, that no rule of the stay explains.
explained as (
    select distinct stay_id from adjusted where points = -1
),

in_order as (
    select
        stay.stay_nr,
        stay.stay_id,
        stay.episodes,
        lead(stay.stay_nr) over (partition by stay.patient_id, stay.sector order by stay.start_s, stay.stay_nr) as next_nr,
        key_of($seed, hash(stay.stay_id)) as k,
    from stay
),

drawn as (
    select
        in_order.*,
        point.points,
        left_out.rule,
        left_out.points as rule_points,
        case
            when u(k, 'npk missing') < $npk_missing then 'bare_her'
            when episodes > 1 and u(k, 'npk split') < $npk_split then 'npk_deler'
            when episodes > 1 and u(k, 'npk part') < $npk_part then 'annet_omfang'
            when next_nr is not null and u(k, 'npk merged') < $npk_merged then 'npk_slar_sammen'
            when u(k, 'npk drg') < $npk_other_drg then 'annen_drg'
            when left_out.rule is not null and u(k, 'npk rule') < $npk_rule_left_out then 'andre_poeng'
            when explained.stay_id is null and u(k, 'npk points') < $npk_other_points then 'poeng_uten_regel'
        end as difference,
    from in_order
    inner join point on point.stay_id = in_order.stay_id
    left join left_out on left_out.stay_id = in_order.stay_id
    left join explained on explained.stay_id = in_order.stay_id
),

pair as (
    select
        former.stay_nr,
        latter.stay_nr as other_nr,
    from drawn as former
    inner join drawn as latter on latter.stay_nr = former.next_nr
    where former.difference = 'npk_slar_sammen' and latter.difference is null
)

select
    drawn.stay_nr,
    if(drawn.difference = 'poeng_uten_regel', 'andre_poeng', drawn.difference) as difference,
    case drawn.difference
        when 'annet_omfang' then 'uten_npk'
        when 'andre_poeng' then drawn.rule
        when 'poeng_uten_regel' then 'ukjent'
    end as detail,
    drawn.stay_nr as npk_stay_nr,
    case drawn.difference
        when 'andre_poeng' then drawn.points - drawn.rule_points
        when 'poeng_uten_regel' then drawn.points + 1
        else drawn.points
    end as npk_points,
from drawn
where drawn.difference <> 'npk_slar_sammen' or drawn.stay_nr in (select stay_nr from pair)
union all
select
    pair.other_nr as stay_nr,
    'npk_slar_sammen' as difference,
    null as detail,
    pair.stay_nr as npk_stay_nr,
    drawn.points as npk_points,
from pair
inner join drawn on drawn.stay_nr = pair.stay_nr
