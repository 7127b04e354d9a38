-- what: how many stays of each treating trust are grouped elsewhere, and the points that move
-- title: Omgruppering per HF
-- grain: one row per trust and sector
-- key: hf_orgnr, sektor
-- adds: antall_opphold, antall_flyttet
-- source: docs/grouper.md
-- column hf_orgnr: organisation number of the treating trust
-- heading hf_orgnr: HF, org.nr
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column hf: name of the trust
-- heading hf: HF
-- column antall_opphold: stays
-- heading antall_opphold: Opphold
-- column antall_flyttet: stays in another DRG
-- heading antall_flyttet: Flyttet
-- column andel_flyttet: share in another DRG, six decimals
-- heading andel_flyttet: Andel flyttet
-- column poeng_levert: base points of the delivered DRGs
-- heading poeng_levert: Poeng levert
-- column poeng_brukt: base points of the used DRGs
-- heading poeng_brukt: Poeng brukt
-- column poeng_opp: base points gained by stays that move up
-- heading poeng_opp: Opp
-- column poeng_ned: base points lost by stays that move down
-- heading poeng_ned: Ned
-- column poeng_endring: base points that the grouping moves
-- heading poeng_endring: Endring i poeng
with
summed as (
    select
        hf_orgnr,
        sektor,
        cast(sum(antall_opphold) as bigint) as stays,
        cast(coalesce(sum(antall_opphold) filter (where brukt_drg is distinct from levert_drg), 0) as bigint) as moved,
        sum(poeng_levert) as delivered,
        sum(poeng_brukt) as used,
        coalesce(sum(poeng_endring) filter (where poeng_endring > 0), 0) as up,
        coalesce(sum(poeng_endring) filter (where poeng_endring < 0), 0) as down,
    from omgruppering
    group by hf_orgnr, sektor
)

select
    summed.hf_orgnr,
    summed.sektor,
    coalesce(provider.hf_name, 'ukjent') as hf,
    summed.stays as antall_opphold,
    summed.moved as antall_flyttet,
    cast(cast(summed.moved * 1000000 // summed.stays as decimal(18, 0)) * 0.000001 as decimal(18, 6)) as andel_flyttet,
    cast(summed.delivered as decimal(18, 3)) as poeng_levert,
    cast(summed.used as decimal(18, 3)) as poeng_brukt,
    cast(summed.up as decimal(18, 3)) as poeng_opp,
    cast(summed.down as decimal(18, 3)) as poeng_ned,
    cast(summed.used - summed.delivered as decimal(18, 3)) as poeng_endring,
from summed
left join settled.provider as provider on provider.hf_orgnr is not distinct from summed.hf_orgnr
