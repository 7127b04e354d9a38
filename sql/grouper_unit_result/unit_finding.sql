-- what: what is odd about the grouping of a stay (or episode): not grouped and why, or grouped on a doubtful ground
-- grain: one row per stay or episode and finding
-- key: unit_nr, finding
-- source: docs/grouper.md, In the settlement
with
judged as (
    select
        unit_fact.unit_nr,
        case
            when unit_fact.sector not in (select sector from grouped_sector) then 'sector_without_logic'
            when unit_age.age_days is null then 'age_unknown'
            when unit_fact.duration is null then 'end_missing'
        end as not_grouped,
        unit_fact.age_reported < 0 as is_age_negative,
        coalesce(unit_fact.sex not in (select value from state_number where kind = 'sex'), true) as is_sex_missing,
    from unit_fact
    inner join unit_age on unit_age.unit_nr = unit_fact.unit_nr
),

birthday as (
    select distinct birthday_case.unit_nr
    from birthday_case
    inner join birthday_grouped on birthday_grouped.case_nr = birthday_case.case_nr
    inner join grouped_case on grouped_case.case_nr = birthday_case.unit_nr
    where birthday_grouped.drg is distinct from grouped_case.drg
)

select unit_nr, not_grouped as finding from judged where not_grouped is not null
union all
select unit_nr, 'age_negative' as finding from judged where is_age_negative
union all
select unit_nr, 'sex_missing' as finding from judged where is_sex_missing and not_grouped is null
union all
select unit_nr, 'age_from_birth_year' as finding from birthday
union all
select distinct
    coalesce(merged_unit.unit_nr, code_pair.episode_nr) as unit_nr,
    'second_code_alone' as finding,
from code_pair
left join merged_unit on merged_unit.episode_nr = code_pair.episode_nr
where code_pair.code is null and coalesce(merged_unit.unit_nr, code_pair.episode_nr) in (select unit_nr from unit_fact)
union all
select
    unit_nr,
    case
        when drg is null then 'no_rule'
        when not is_in_list then 'drg_not_in_list'
        else 'cannot_be_grouped'
    end as finding,
from unit_drg
-- Return code 0 is grouped; 7, a rare combination, is grouped too.
where drg is null or not is_in_list or rtc not in ('0', '7')
