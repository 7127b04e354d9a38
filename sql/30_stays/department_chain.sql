-- what: department stays chained into hospital stays
-- grain: one row per included department stay
-- key: episode_nr
-- source: docs/regelverk.md 2.1 point 1 and 2.2; regulation §7.18, §8.2
-- requires: 7.18
with
department_stay as (
    select
        episode_nr,
        episode_id,
        sector,
        patient_id,
        institution_id,
        start_s,
        end_s,
        start_date,
        end_date,
    from episode
    where reason = 'included' and is_department_stay
),

preceded as (
    select
        *,
        max(end_s) over (
            partition by sector, patient_id, institution_id
            order by start_s, end_s, episode_id
            rows between unbounded preceding and 1 preceding
        ) as latest_end_s,
    from department_stay
),

numbered as (
    select
        preceded.*,
        -- A later start at most the gap after the latest end so far goes on in the same stay; overlaps join (§7.18).
        sum(if(latest_end_s is null or start_s > latest_end_s + 60 * ref.number('7.18', 'stay_gap_minutes'), 1, 0)) over (
            partition by sector, patient_id, institution_id
            order by start_s, end_s, episode_id
            rows between unbounded preceding and current row
        ) as chain,
    from preceded
)

select
    episode_nr,
    min(episode_nr) over (partition by sector, patient_id, institution_id, chain) as group_nr,
    sector,
    patient_id,
    institution_id,
    start_s,
    end_s,
    start_date,
    end_date,
from numbered
