-- what: what a hospital has at stake in all, each row once whatever number of checks it fails
-- grain: one row per trust
-- key: hf_orgnr
-- source: regulation §3.8
with
-- A row can only be put right once: of several checks the one with most at stake counts. Checks on trial do not count.
row_at_stake as (
    select
        hf_orgnr,
        row_type,
        row_key,
        greatest(max(points_at_stake), 0) as points_lost,
        greatest(-min(points_at_stake), 0) as points_over,
        greatest(max(nok_at_stake), 0) as nok_lost,
        greatest(-min(nok_at_stake), 0) as nok_over,
    from counted_row
    where is_counted and not trial
    group by hf_orgnr, row_type, row_key
),

summed as (
    select
        hf_orgnr,
        count(*) as failing_rows,
        sum(points_lost) as points_lost,
        sum(points_over) as points_over,
        sum(nok_lost) as nok_lost,
        sum(nok_over) as nok_over,
    from row_at_stake
    group by hf_orgnr
),

filled as (
    select
        hospital.hf_orgnr,
        hospital.hf_name,
        hospital.hf_type,
        hospital.refund_nok,
        coalesce(summed.failing_rows, 0) as failing_rows,
        cast(coalesce(summed.points_lost, 0) as decimal(18, 3)) as points_lost,
        cast(coalesce(summed.points_over, 0) as decimal(18, 3)) as points_over,
        cast(coalesce(summed.nok_lost, 0) as decimal(28, 9)) as nok_lost,
        cast(coalesce(summed.nok_over, 0) as decimal(28, 9)) as nok_over,
    from hospital
    left join summed on summed.hf_orgnr = hospital.hf_orgnr
),

rated as (
    select
        *,
        -- What is at stake as a share of the hospital's own refund: size does not decide the place.
        cast((nok_lost + nok_over) / nullif(refund_nok, 0) as decimal(18, 9)) as share_at_stake,
        count(*) filter (where refund_nok > 0) over () as ranked_hospitals,
    from filled
)

select
    hf_orgnr,
    hf_name,
    hf_type,
    refund_nok,
    failing_rows,
    points_lost,
    points_over,
    nok_lost,
    nok_over,
    share_at_stake,
    if(
        share_at_stake is null,
        null,
        rank() over (partition by share_at_stake is null order by share_at_stake)
    ) as place,
    ranked_hospitals,
from rated
