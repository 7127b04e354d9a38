-- what: whether NPK's points hold supplements and deductions: how many stays agree under each reading
-- title: Hvilken lesning av NPKs poeng som passer
-- sheet: Lesninger av NPKs poeng
-- grain: one row per reading
-- key: lesning
-- source: assumption `npk_points` of the rule set (§3.11)
-- column lesning: with_supplements (all points of the stay) or base_only (the DRG's base points)
-- heading lesning: Lesning
-- column opphold: stays of the same episodes and DRG, which the points can be compared for
-- heading opphold: Opphold som kan sammenlignes
-- column enige: stays whose points are equal
-- heading enige: Like poeng
-- column er_valgt: true for the reading that the rule set assumes
-- heading er_valgt: Valgt i regelsettet
with
comparable as (
    select
        points,
        base_points,
        npk_points,
    from compared_stay
    where npk_stays = 1
        and npk_in_stays = 1
        and without_npk = 0
        and excluded_episodes = 0
        and drg = npk_drg
        and npk_points is not null
),

counted as (
    select
        'with_supplements' as reading,
        count(*) as stays,
        count(*) filter (where points = npk_points) as equal,
    from comparable
    union all
    select
        'base_only' as reading,
        count(*) as stays,
        count(*) filter (where base_points = npk_points) as equal,
    from comparable
)

select
    counted.reading as lesning,
    counted.stays as opphold,
    counted.equal as enige,
    coalesce(counted.reading = chosen.value, false) as er_valgt,
from counted
left join (
    select value from settled_ref.parameter where rule = '3.11' and parameter = 'npk_points'
) as chosen on true
