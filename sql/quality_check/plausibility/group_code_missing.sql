-- what: episodes in the DRG for treatment in groups without the code for a group
-- grain: one row per failing row
-- key: row_key
-- check: plausibility
-- source: regulation §7.13, §4.21
with
chosen as (
    select
        episode_nr,
        drg,
    from episode
    where sector = 'SOM'
        and drg in (select value from check_parameter where check_id = 'group_code_missing' and parameter = 'drg')
),

needed as (
    select episode_nr
    from landing.prosedyre
    where episode_nr in (select episode_nr from chosen)
        and kode in (
            select distinct procedure.kode
            from landing.prosedyre as procedure
            inner join check_parameter as prefix
                on prefix.check_id = 'group_code_missing'
                and prefix.parameter = 'procedure_prefix'
                and starts_with(procedure.kode, prefix.value)
        )
)

select
    episode.row_type,
    episode.row_key,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    episode.month,
    episode.main_condition || coalesce(' ' || chosen.drg, '') as value,
    cast(if(episode.reason = 'included', -coalesce(drg.base_points, 0), 0) as decimal(18, 3)) as points_at_stake,
from chosen
inner join finding_episode as episode on episode.episode_nr = chosen.episode_nr
left join ref.drg as drg on drg.sector = episode.sector and drg.drg = chosen.drg
where chosen.episode_nr not in (select episode_nr from needed)
