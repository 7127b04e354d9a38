-- what: agreement with NPK per treating trust
-- title: Enighet per HF
-- grain: one row per trust and sector
-- key: hf_orgnr, sektor
-- adds: opphold, enige
-- source: docs/reconcile.md
-- column hf_orgnr: organisation number of the treating trust
-- heading hf_orgnr: HF, org.nr
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column hf: name of the trust
-- heading hf: HF
-- column opphold: stays of either side
-- heading opphold: Opphold
-- column enige: stays that agree in episodes, DRG and points
-- heading enige: Enige
-- column andel_enige: share that agrees, six decimals
-- heading andel_enige: Andel enige
-- column poeng_her: our points
-- heading poeng_her: Poeng her
-- column poeng_npk: NPK's points
-- heading poeng_npk: Poeng hos NPK
with
counted as (
    select
        hf_orgnr,
        sektor,
        cast(sum(antall) as bigint) as stays,
        cast(coalesce(sum(antall) filter (where arsak = 'enig'), 0) as bigint) as agreeing,
        sum(poeng_her) as points_here,
        sum(poeng_npk) as npk_points,
    from avstemming
    group by hf_orgnr, sektor
)

select
    counted.hf_orgnr,
    counted.sektor,
    coalesce(provider.hf_name, 'ukjent') as hf,
    counted.stays as opphold,
    counted.agreeing as enige,
    cast(cast(counted.agreeing * 1000000 // counted.stays as decimal(18, 0)) * 0.000001 as decimal(18, 6)) as andel_enige,
    cast(counted.points_here as decimal(18, 3)) as poeng_her,
    cast(counted.npk_points as decimal(18, 3)) as poeng_npk,
from counted
left join settled.provider as provider on provider.hf_orgnr is not distinct from counted.hf_orgnr
