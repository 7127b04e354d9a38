-- what: believable costs of the chunk's episodes in components, kroner
-- grain: one row per episodeID
-- key: episodeID
-- source: docs/synthetic-data.md, docs/costs.md
-- A guess: the weight of the DRG at the price of a point, spread by patient and trust; no statistics of real hospitals.
with priced as (
    select
        e."episodeID",
        e.ek,
        e.sector = 'SOM' and e.episodetype = 'K' and $year - e.fodselsar >= $patient_fee_age as pays_fee,
        d.drg_type = 'K' as is_surgical,
        coalesce(d.cost_weight, 0) as weight,
        (coalesce(d.cost_weight, 0)::double + 0.01)
            * if(e.sector = 'SOM', p.unit_price_nok::double, $cost_per_phv_point)
            * (1 + $cost_level_spread * (u(hash(e.hf), 'cost level') - 0.5))
            * exp($cost_noise * normal_draw(e.ek, 'cost') - $cost_noise * $cost_noise / 2) as cost,
        -- A long stay costs more ward, but not more theatre.
        if(
            e.episodetype = 'A' and d.trim_point > 0,
            (greatest(e.stay_days, 1) / (1 + d.trim_point * $los_median_of_trim))::double,
            1
        ) as length
    from episode as e
    inner join ref.unit_price as p on p.sector = e.sector
    left join ref.drg as d on d.sector = e.sector and d.drg = e.drg
),

shared as (
    select
        *,
        if(is_surgical, $cost_theatre, 0) as theatre,
        if(u(ek, 'intensive') < $cost_intensive * weight::double / 10, 0.3, 0) as intensive
    from priced
)

select
    "episodeID",
    (cost * $cost_ward * length)::decimal(12, 2) as pleie,
    (cost * theatre)::decimal(12, 2) as operasjon,
    (cost * intensive)::decimal(12, 2) as intensiv,
    (cost * $cost_diagnostics)::decimal(12, 2) as diagnostikk,
    (cost * $cost_drugs * (0.5 + u(ek, 'drugs')))::decimal(12, 2) as legemidler,
    (cost * greatest(1 - $cost_ward - theatre - $cost_diagnostics - $cost_drugs, 0))::decimal(12, 2) as annet,
    if(pays_fee, $patient_fee, 0)::decimal(12, 2) as egenbetaling
from shared
order by "episodeID"
