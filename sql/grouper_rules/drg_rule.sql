-- what: the rules with their scalar criteria as numbers; what a rule does not ask for holds for every case
-- grain: one row per rule
-- key: rule_nr
-- source: docs/grouper.md, How a rule is matched
-- column sex_mask: a bit per state of sex that the rule accepts; the masks of the other states are alike
-- column or_mask: a bit per state of operation: 0 none, 1 property 1, 2 property 2, 3 both
-- column level_mask: a bit per CC level: 0, 1, 2
with
state as (
    select
        kind,
        letter,
        1 << state as bit,
    from state_number
),

every_state as (
    select
        -- State 0, not known or another, included.
        1 + cast(sum(bit) filter (where kind = 'sex') as integer) as sexes,
        1 + cast(sum(bit) filter (where kind = 'discharge') as integer) as modes,
    from state
)

select
    drglogic.rule_nr,
    drglogic.ord,
    drglogic.drg,
    drglogic.loc_drg,
    drglogic.rtc,
    nullif(drgnames.mdc, '') as hdg,
    case drglogic.icd when '+' then true when '-' then false end as has_category,
    if(drglogic.mdc like '-%', null, drglogic.mdc) as mdc,
    if(drglogic.mdc like '-%', drglogic.mdc[2:], null) as mdc_not,
    if(drglogic.dgcat1 like '-%', null, drglogic.dgcat1) as category,
    if(drglogic.dgcat1 like '-%', drglogic.dgcat1[2:], null) as category_not,
    coalesce(if(drglogic.agelim like '>%', cast(drglogic.agelim[2:] as bigint), null), -1000000000000) as age_over,
    coalesce(if(drglogic.agelim like '<%', cast(drglogic.agelim[2:] as bigint), null), 1000000000000) as age_under,
    coalesce(if(drglogic.dur like '>%', cast(drglogic.dur[2:] as bigint), null), -1000000000000) as duration_over,
    coalesce(if(drglogic.dur like '<%', cast(drglogic.dur[2:] as bigint), null), 1000000000000) as duration_under,
    cast(
        case
            when drglogic.sex is null then every_state.sexes
            when drglogic.sex = '-' then 1
            else sex.bit
        end as utinyint
    ) as sex_mask,
    cast(
        case
            when drglogic.disch is null then every_state.modes
            -- Alive is anything but dead, not known included.
            when drglogic.disch = 'N' then every_state.modes - dead.bit
            when drglogic.disch like '-%' then every_state.modes - mode.bit
            else mode.bit
        end as utinyint
    ) as discharge_mask,
    cast(
        case drglogic."or"
            when 'S' then 2 + 8
            when 'P' then 2 + 4 + 8
            when '+' then 2 + 4 + 8
            when 'N' then 1 + 4
            when 'Z' then 1
            when '-' then 1
            -- A letter behind a minus never holds.
            else if(drglogic."or" is null, 1 + 2 + 4 + 8, 0)
        end as utinyint
    ) as or_mask,
    cast(
        coalesce(
            list_sum([
                1 << level for level in [0, 1, 2] if case
                    when drglogic.compl is null then true
                    when drglogic.compl like '>%' then level > cast(drglogic.compl[2:] as bigint)
                    when drglogic.compl like '<%' then level < cast(drglogic.compl[2:] as bigint)
                    when drglogic.compl like '-%' then level <> cast(drglogic.compl[2:] as bigint)
                    else level >= cast(ltrim(drglogic.compl, '+') as bigint)
                end
            ]),
            0
        ) as utinyint
    ) as level_mask,
from definition.drglogic as drglogic
left join definition.drgnames as drgnames on drgnames.drg = drglogic.drg
left join state as sex on sex.kind = 'sex' and sex.letter = drglogic.sex
left join state as mode on mode.kind = 'discharge' and mode.letter = ltrim(drglogic.disch, '-')
left join state as dead on dead.kind = 'discharge' and dead.letter = 'E'
cross join every_state
