-- what: the same for the country: where the units of each group go, with shares and points
-- title: Enheter per gruppe før og etter, landet
-- sheet: Enheter per gruppe, landet
-- grain: one row per sector, kind of unit, group before and group after
-- key: sektor, enhet_type, gruppe_for, gruppe_etter
-- source: docs/simulation.md
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column enhet_type: opphold, sertjeneste or forlop
-- column gruppe_for: DRG, STG or TFG under the baseline; empty: not a unit of its own there
-- column gruppe_etter: the same under the alternative; empty: not a unit of its own there
-- column flytter: whether the two groups differ
-- column antall: units
-- column andel_av_for: these units in per cent of the group before
-- column andel_av_etter: the same in per cent of the group after
-- column antall_hf: trusts with such units
-- column poeng_for: base points of the units under the baseline
-- column poeng_etter: base points of the units under the alternative, before calibration
-- column poeng_flyttet: poeng_etter minus poeng_for
with
summed as (
    select
        sektor,
        enhet_type,
        gruppe_for,
        gruppe_etter,
        flytter,
        sum(antall) as units,
        count(*) as trusts,
        sum(poeng_for) as points_before,
        sum(poeng_etter) as points_after,
    from migrering
    group by all
)

select
    sektor,
    enhet_type,
    gruppe_for,
    gruppe_etter,
    flytter,
    cast(units as bigint) as antall,
    if(gruppe_for is null, null, cast(100 * units / sum(units) over before as decimal(9, 4))) as andel_av_for,
    if(gruppe_etter is null, null, cast(100 * units / sum(units) over after as decimal(9, 4))) as andel_av_etter,
    trusts as antall_hf,
    cast(points_before as decimal(18, 3)) as poeng_for,
    cast(points_after as decimal(18, 3)) as poeng_etter,
    cast(points_after - points_before as decimal(18, 3)) as poeng_flyttet,
from summed
window
    before as (partition by sektor, enhet_type, gruppe_for),
    after as (partition by sektor, enhet_type, gruppe_etter)
