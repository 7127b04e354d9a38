-- what: what the accepted episodes cost, and what their patients paid, in øre
-- grain: one row per accepted episode with a cost
-- key: episode_nr
-- source: docs/costs.md
with
line as (
    select
        episode_id,
        columns(* exclude (line, episode_id))
    from cost_line
),

amount as (
    select
        episode_id,
        cast(
            100 * cast(replace(coalesce(nullif(trim(columns(* exclude (episode_id))), ''), '0'), ',', '.') as decimal(18, 2))
            as bigint
        ),
    from line
)

select
    episode.episode_nr,
    episode.sektor,
    amount.ward,
    amount.theatre + amount.intensive + amount.diagnostics + amount.drugs + amount.other as beside_ward,
    amount.paid_by_patient,
from amount
inner join landing.episode as episode on episode.episodeID = amount.episode_id
