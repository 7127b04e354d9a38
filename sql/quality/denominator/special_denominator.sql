-- what: how many rows some checks can fail at all: those with a date, a code or a group that the check asks about
-- grain: one row per kind of denominator, sector, trust, institution and unit
-- key: denominator, sector, hf_orgnr, institution_id, unit_id
-- source: regulation §3.8, §4.7, §7.19, §5.3.1, §7.13
with
asked as (
    select
        'discharge_ready' as denominator,
        episode_nr,
    from episode
    where discharge_ready_date is not null
    union all
    select
        'long_stay' as denominator,
        main_episode_nr as episode_nr,
    from stay
    where sector = 'SOM'
        and has_department_stay
        and length_of_stay >= (
            select number from check_parameter
            where check_id = 'long_stay_without_discharge_ready' and parameter = 'days'
        )
    union all
    select
        'hours_matter' as denominator,
        episode_nr,
    from episode
    where sector = 'SOM'
        and drg in (from ref.codes('7.19', 'drg'))
    union all
    select
        'dialysis' as denominator,
        episode_nr,
    from episode
    where main_condition in (
        select value from check_parameter where check_id = 'dialysis_code_missing' and parameter = 'main_condition'
    )
    union all
    select
        'group_treatment' as denominator,
        episode_nr,
    from episode
    where drg in (select value from check_parameter where check_id = 'group_code_missing' and parameter = 'drg')
    union all
    select distinct
        'medicine' as denominator,
        episode_nr,
    from landing.prosedyre
    where kodeverk = 'F'
    union all
    -- Without the register nothing is judged.
    select distinct
        'registered_procedure' as denominator,
        episode_nr,
    from landing.prosedyre
    where kodeverk <> 'F' and exists (select 1 from register_code where register = 'procedure')
)

select
    asked.denominator,
    episode.sector,
    episode.hf_orgnr,
    episode.institution_id,
    episode.unit_id,
    count(*) as rows_counted,
from asked
inner join episode on episode.episode_nr = asked.episode_nr
group by asked.denominator, episode.sector, episode.hf_orgnr, episode.institution_id, episode.unit_id
