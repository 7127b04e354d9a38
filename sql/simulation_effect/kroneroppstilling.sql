-- what: a budget statement in kroner: from the baseline over volume, the parts of the change and the price to the alternative
-- title: Kroneoppstilling: volum, vekter, regler og pris
-- sheet: Kroneoppstilling
-- grain: one row per level, unit and sector
-- key: nivaa, orgnr, sektor
-- source: docs/simulation.md
-- column nivaa: land, rhf (region of residence) or hf (treating trust)
-- column orgnr: organisation number of the region or trust; empty for the country and for what has no trust
-- column navn: its name
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column maal: the measure that is stated: full (all that is paid), or base where only weights are compared
-- column poeng_utgangspunkt: points under the baseline
-- column poeng_alternativ: points under the alternative, calibrated, with the growth of activity
-- column kr_utgangspunkt: the baseline's points at the baseline's price
-- column volum_kr: growth of activity, at the baseline's points and price
-- column vekter_kr: new weights, on the grown activity, at the baseline's price, like the next four
-- column omgruppering_kr: units in other groups
-- column tillegg_fradrag_kr: supplements and deductions
-- column telleregel_kr: pathways
-- column kalibrering_kr: the calibration factor
-- column pris_kr: the new price, on all points of the alternative
-- column kr_alternativ: the alternative's points at the alternative's price; the sum of the seven parts and the start
-- column endring_kr: kr_alternativ minus kr_utgangspunkt
-- column endring_prosent: the same in per cent of the start
with
stated as (
    select
        effect.*,
        1 + coalesce(growth.percent, 0) * 0.01 as volume,
        price_pair.nok_before,
        price_pair.nok_after,
    from effect
    inner join price_pair on price_pair.sector = effect.sector
    -- The growth of a group, else that of its main diagnostic group, else that of all.
    left join lateral (
        select percent
        from activity_growth
        where activity_growth.sector = effect.sector
            and activity_growth.group_code in (effect.group_code, 'HDG ' || effect.hdg, '*')
        order by
            activity_growth.group_code <> effect.group_code,
            activity_growth.group_code = '*'
        limit 1
    ) as growth on true
    -- What is paid; where only weights are compared there is but the other measure.
    where effect.measure = (select max(measure) from effect)
),

unit as (
    select 'land' as level, null as orgnr, * from stated
    union all
    select 'rhf' as level, residence_rhf_orgnr as orgnr, * from stated
    union all
    select 'hf' as level, hf_orgnr as orgnr, * from stated
),

summed as (
    select
        level,
        orgnr,
        sector,
        any_value(measure) as measure,
        any_value(nok_before) as nok_before,
        any_value(nok_after) as nok_after,
        cast(sum(baseline) as decimal(22, 9)) as points_before,
        cast(sum(baseline * (volume - 1)) as decimal(26, 13)) as volume,
        cast(sum(weights * volume) as decimal(26, 13)) as weights,
        cast(sum(regrouping * volume) as decimal(26, 13)) as regrouping,
        cast(sum(supplements * volume) as decimal(26, 13)) as supplements,
        cast(sum(counting * volume) as decimal(26, 13)) as counting,
        cast(sum(calibration * volume) as decimal(26, 13)) as calibration,
        cast(sum(alternative * volume) as decimal(26, 13)) as points_after,
    from unit
    group by level, orgnr, sector
),

priced as (
    select
        *,
        cast(points_before * nok_before as decimal(36, 19)) as nok_of_baseline,
        cast(points_after * nok_after as decimal(36, 19)) as nok_of_alternative,
    from summed
)

select
    priced.level as nivaa,
    priced.orgnr,
    case
        when priced.level = 'land' then 'landet'
        when priced.orgnr is null then 'uten HF'
        else coalesce(provider.hf_name, priced.orgnr)
    end as navn,
    priced.sector as sektor,
    priced.measure as maal,
    cast(priced.points_before as decimal(20, 9)) as poeng_utgangspunkt,
    priced.points_after as poeng_alternativ,
    priced.nok_of_baseline as kr_utgangspunkt,
    cast(priced.volume * priced.nok_before as decimal(36, 19)) as volum_kr,
    cast(priced.weights * priced.nok_before as decimal(36, 19)) as vekter_kr,
    cast(priced.regrouping * priced.nok_before as decimal(36, 19)) as omgruppering_kr,
    cast(priced.supplements * priced.nok_before as decimal(36, 19)) as tillegg_fradrag_kr,
    cast(priced.counting * priced.nok_before as decimal(36, 19)) as telleregel_kr,
    cast(priced.calibration * priced.nok_before as decimal(36, 19)) as kalibrering_kr,
    cast(priced.points_after * cast(priced.nok_after - priced.nok_before as decimal(12, 6)) as decimal(36, 19))
        as pris_kr,
    priced.nok_of_alternative as kr_alternativ,
    cast(priced.nok_of_alternative - priced.nok_of_baseline as decimal(36, 19)) as endring_kr,
    cast(
        100 * cast(priced.nok_of_alternative - priced.nok_of_baseline as decimal(24, 6))
        / nullif(priced.nok_of_baseline, 0)
        as decimal(18, 6)
    ) as endring_prosent,
from priced
left join provider on provider.hf_orgnr = priced.orgnr
