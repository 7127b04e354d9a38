-- what: the diagnoses of each stay or episode: the main episode's main condition, and all others as secondary
-- grain: one row per diagnosis
-- key: none, a diagnosis may be reported several times
-- as: view
-- source: docs/regelverk.md 2.1 point 4; regulation §7.18
with
pair as (
    select episode_nr, tilstNr, code, second_code from code_pair where code is not null and place = 1
),

reported as (
    select
        main_code.episode_nr,
        true as is_main,
        main_code.code,
        coalesce(pair.second_code, '') as second_code,
    from main_code
    left join pair on pair.episode_nr = main_code.episode_nr and pair.tilstNr = 1
    union all
    select
        tilstand.episode_nr,
        false as is_main,
        tilstand.kode as code,
        coalesce(pair.second_code, '') as second_code,
    from landing.tilstand as tilstand
    left join pair
        on pair.episode_nr = tilstand.episode_nr and pair.tilstNr = tilstand.tilstNr and pair.code = tilstand.kode
    where tilstand.kodeNr = 1 and tilstand.tilstNr <> 1
    union all
    -- Other codes reported as main condition.
    select
        tilstand.episode_nr,
        false as is_main,
        tilstand.kode as code,
        '' as second_code,
    from landing.tilstand as tilstand
    inner join main_code
        on main_code.has_more and main_code.episode_nr = tilstand.episode_nr and main_code.code < tilstand.kode
    where tilstand.kodeNr = 1 and tilstand.tilstNr = 1
    union all
    -- More second codes of a condition: the first code with each of them.
    select
        episode_nr,
        false as is_main,
        code,
        second_code,
    from code_pair
    where code is not null and place > 1
)

select
    coalesce(merged_unit.unit_nr, reported.episode_nr) as case_nr,
    reported.is_main and coalesce(merged_unit.is_main, true) as is_main,
    reported.code,
    reported.second_code,
from reported
left join merged_unit on merged_unit.episode_nr = reported.episode_nr
