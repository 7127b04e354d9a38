-- what: episodes without a time of day in a DRG whose points depend on the hours
-- grain: one row per failing row
-- key: row_key
-- check: validity
-- source: regulation §7.19
with
-- How often stays of the DRG with known hours get the deduction: that share of it is at stake.
short as (
    select
        stay.drg,
        -- In whole thousandths: nothing here is a floating number.
        cast(
            0.001 * (
                cast(1000 * ref.points('7.19') as bigint)
                * count(*) filter (where stay.duration_s < 60 * ref.number('7.19', 'below_minutes'))
                // count(*)
            ) as decimal(18, 3)
        ) as points,
    from stay
    where stay.sector = 'SOM' and stay.drg in (from ref.codes('7.19', 'drg')) and stay.duration_s is not null
    group by stay.drg
)

select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    reported.drg as value,
    if(episode.reason = 'included', coalesce(short.points, 0), 0) as points_at_stake,
from landing.episode as reported
inner join finding_episode as episode on episode.episode_nr = reported.episode_nr
left join short on short.drg = reported.drg
where (not reported.innTidKjent or not reported.utTidKjent)
    and reported.utDatoTid is not null
    and reported.sektor = 'SOM'
    and reported.drg in (from ref.codes('7.19', 'drg'))
