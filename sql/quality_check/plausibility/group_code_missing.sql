-- what: episodes in the DRG for treatment in groups without the code for a group
-- grain: one row per failing row
-- key: episode_nr
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
    episode.episode_nr,
    episode.main_condition || coalesce(' ' || chosen.drg, '') as value,
from chosen
inner join finding_episode as episode on episode.episode_nr = chosen.episode_nr
where chosen.episode_nr not in (select episode_nr from needed)
