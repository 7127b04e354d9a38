-- what: two stays made one: the earlier lasts until the later begins, and the later lies where the earlier does
-- grain: one row per finding, variant and value that changes
-- key: finding_nr, variant, file, row_key, column_name, value
-- repair: joined
-- source: regulation §3.5, §7.18
with
asked as (
    select
        finding.finding_nr,
        finding.episode_nr,
        finding.partner_nr,
        later.institution_id,
        earlier.institution_id as earlier_institution_id,
        later.start_s - earlier.end_s as gap_s,
        reported.innDatoTid as started,
    from finding
    inner join episode as later on later.episode_nr = finding.episode_nr
    inner join episode as earlier on earlier.episode_nr = finding.partner_nr
    inner join landing.episode as reported on reported.episode_nr = finding.episode_nr
    where finding.repair = 'joined'
),

-- All of the later stay moves with it.
moved as (
    select
        asked.finding_nr,
        coalesce(other.episode_nr, asked.episode_nr) as episode_nr,
        asked.earlier_institution_id,
    from asked
    left join stay_episode as own on own.episode_nr = asked.episode_nr
    left join stay_episode as other on other.stay_nr = own.stay_nr
    where asked.institution_id <> asked.earlier_institution_id
)

select
    finding_nr,
    1 as variant,
    1 as weight,
    'episode' as file,
    cast(partner_nr as varchar) as row_key,
    'utDatoTid' as column_name,
    cast(started as varchar) as value,
from asked
where gap_s > 0
union all
select
    finding_nr,
    1 as variant,
    1 as weight,
    'episode' as file,
    cast(episode_nr as varchar) as row_key,
    'institusjonID' as column_name,
    earlier_institution_id as value,
from moved
