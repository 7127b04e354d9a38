-- what: each region twice: as the one responsible for its residents, and as the sum of the trusts that it owns
-- title: Regionene som ansvarlige for sine innbyggere og som eiere av sine foretak
-- sheet: Bosatte og foretak per RHF
-- grain: one row per measure, sector and region
-- key: maal, sektor, rhf_orgnr
-- source: docs/simulation.md
-- column maal: what is compared: base (base points of the same units in the same groups, as in the directorate's tables) or full (all that is paid)
-- column sektor: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column rhf_orgnr: organisation number of the region; empty: trusts without an owner in the register, and what has no trust
-- column rhf: name of the region
-- column poeng_bosatte: points of the region's residents, wherever treated, under the baseline
-- column endring_bosatte: their change in points
-- column endring_bosatte_prosent: the same in per cent
-- column endring_bosatte_kr: the same in kroner at the baseline's prices, unrounded
-- column poeng_foretak: points of the region's trusts, wherever the patients live, under the baseline
-- column endring_foretak: their change in points
-- column endring_foretak_prosent: the same in per cent
-- column endring_foretak_kr: the same in kroner
-- column forskjell: what the trusts change more than the residents, in points: the change in guest patients
with
resident as (
    select
        measure,
        sector,
        residence_rhf_orgnr as rhf_orgnr,
        sum(baseline) as baseline,
        sum(change) as change,
        sum(change_nok) as change_nok,
    from effect
    group by all
),

owned as (
    select
        effect.measure,
        effect.sector,
        if(effect.hf_orgnr is null, null, provider.rhf_orgnr) as rhf_orgnr,
        sum(effect.baseline) as baseline,
        sum(effect.change) as change,
        sum(effect.change_nok) as change_nok,
    from effect
    left join provider on provider.hf_orgnr is not distinct from effect.hf_orgnr
    group by all
),

side_by_side as (
    select
        coalesce(resident.measure, owned.measure) as measure,
        coalesce(resident.sector, owned.sector) as sector,
        coalesce(resident.rhf_orgnr, owned.rhf_orgnr) as rhf_orgnr,
        coalesce(resident.baseline, 0) as resident_baseline,
        coalesce(resident.change, 0) as resident_change,
        coalesce(resident.change_nok, 0) as resident_nok,
        coalesce(owned.baseline, 0) as owned_baseline,
        coalesce(owned.change, 0) as owned_change,
        coalesce(owned.change_nok, 0) as owned_nok,
    from resident
    full outer join owned
        on owned.measure = resident.measure
        and owned.sector = resident.sector
        and owned.rhf_orgnr is not distinct from resident.rhf_orgnr
)

select
    side_by_side.measure as maal,
    side_by_side.sector as sektor,
    side_by_side.rhf_orgnr,
    coalesce(provider.hf_name, side_by_side.rhf_orgnr, 'uten eier i registeret') as rhf,
    cast(side_by_side.resident_baseline as decimal(20, 9)) as poeng_bosatte,
    cast(side_by_side.resident_change as decimal(20, 9)) as endring_bosatte,
    cast(100 * side_by_side.resident_change / nullif(side_by_side.resident_baseline, 0) as decimal(18, 6)) as endring_bosatte_prosent,
    cast(side_by_side.resident_nok as decimal(32, 15)) as endring_bosatte_kr,
    cast(side_by_side.owned_baseline as decimal(20, 9)) as poeng_foretak,
    cast(side_by_side.owned_change as decimal(20, 9)) as endring_foretak,
    cast(100 * side_by_side.owned_change / nullif(side_by_side.owned_baseline, 0) as decimal(18, 6)) as endring_foretak_prosent,
    cast(side_by_side.owned_nok as decimal(32, 15)) as endring_foretak_kr,
    cast(side_by_side.owned_change - side_by_side.resident_change as decimal(20, 9)) as forskjell,
from side_by_side
left join provider on provider.hf_orgnr = side_by_side.rhf_orgnr
