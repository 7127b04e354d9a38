-- what: each stay beside its grouping anew: the delivered, NPK's, the grouped and the used DRG, and why they differ
-- grain: one row per stay
-- key: stay_nr
-- source: regulation §7.18; docs/grouper.md
-- column delivered_drg: of the main episode, replaced where its main condition is outside ISF
-- column used_drg: the grouped one where it is in the sector's list, else the delivered
with
delivered as (
    select
        stay.stay_nr,
        stay.stay_id,
        stay.sector,
        stay.hf_orgnr,
        stay.episodes,
        stay.outside_isf,
        if(stay.outside_isf, stay.drg, episode.drg) as delivered_drg,
    from settled.stay as stay
    inner join settled_landing.episode as episode on episode.episode_nr = stay.main_episode_nr
),

-- NPK's own grouping counts only where all the stay's episodes carry the same.
npk as (
    select
        member.stay_nr,
        if(
            count(episode.npkOppholdDRG) = count(*) and min(episode.npkOppholdDRG) = max(episode.npkOppholdDRG),
            min(episode.npkOppholdDRG),
            null
        ) as npk_drg,
    from settled.stay_episode as member
    inner join settled_landing.episode as episode on episode.episode_nr = member.episode_nr
    group by member.stay_nr
),

finding as (
    select
        unit_nr,
        bool_or(finding = 'age_from_birth_year') as is_of_birthday,
        min(finding) filter (
            where finding in ('sector_without_logic', 'age_unknown', 'end_missing')
        ) as not_grouped,
    from regrouped.stay_finding
    group by unit_nr
),

paired as (
    select
        delivered.*,
        npk.npk_drg,
        stay_drg.drg as grouped_drg,
        stay_drg.ord,
        stay_drg.rtc,
        if(stay_drg.is_in_list and not delivered.outside_isf, stay_drg.drg, delivered.delivered_drg) as used_drg,
        coalesce(stay_drg.is_in_list, false) as is_in_list,
        coalesce(finding.is_of_birthday, false) as is_of_birthday,
        finding.not_grouped,
    from delivered
    inner join npk on npk.stay_nr = delivered.stay_nr
    left join regrouped.stay_drg as stay_drg on stay_drg.unit_nr = delivered.stay_nr
    left join finding on finding.unit_nr = delivered.stay_nr
)

select
    paired.stay_nr,
    paired.stay_id,
    paired.sector,
    paired.hf_orgnr,
    paired.delivered_drg,
    paired.npk_drg,
    paired.grouped_drg,
    paired.used_drg,
    paired.ord,
    paired.rtc,
    coalesce(before.base_points, 0) as points_delivered,
    coalesce(after.base_points, 0) as points_used,
    -- The first that applies.
    case
        when paired.outside_isf then 'outside_isf'
        when paired.grouped_drg is null then 'not_grouped'
        when not paired.is_in_list then 'not_in_list'
        when paired.used_drg = paired.delivered_drg then 'same'
        when paired.rtc not in ('0', '7') then 'return_code'
        when paired.is_of_birthday then 'birthday'
        when paired.episodes > 1 then 'merged'
        when option.definitions_year <> delivery.year then 'other_year'
        else 'unknown'
    end as cause,
    case
        when paired.outside_isf then null
        when paired.grouped_drg is null then paired.not_grouped
        when paired.is_in_list and paired.used_drg is distinct from paired.delivered_drg and paired.rtc <> '0'
            then paired.rtc
    end as detail,
from paired
cross join regrouped.option as option
cross join settled_landing.delivery as delivery
left join settled_ref.drg as before on before.sector = paired.sector and before.drg = paired.delivered_drg
left join settled_ref.drg as after on after.sector = paired.sector and after.drg = paired.used_drg
