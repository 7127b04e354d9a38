-- what: agreement and differences with NPK's stays, by trust, DRG and reason
-- title: Avstemming per HF, DRG og årsak
-- grain: one row per trust, sector, DRG, reason and detail
-- key: hf_orgnr, sektor, drg, arsak, detalj
-- adds: antall
-- source: docs/reconcile.md
-- column hf_orgnr: organisation number of the treating trust
-- heading hf_orgnr: HF, org.nr
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column drg: our DRG; NPK's where only NPK has the stay
-- heading drg: DRG
-- column arsak: the reason, see `avstemming_opphold`
-- heading arsak: Årsak
-- column detalj: the rule or eligibility reason
-- heading detalj: Nærmere (regel eller vilkår)
-- column antall: number of stays
-- heading antall: Opphold
-- column poeng_her: our points
-- heading poeng_her: Poeng her
-- column poeng_npk: NPK's points
-- heading poeng_npk: Poeng hos NPK
select
    hf_orgnr,
    sektor,
    coalesce(drg, npk_drg) as drg,
    arsak,
    detalj,
    count(*) as antall,
    cast(coalesce(sum(poeng_her), 0) as decimal(18, 3)) as poeng_her,
    cast(coalesce(sum(poeng_npk), 0) as decimal(18, 3)) as poeng_npk,
from avstemming_opphold
group by hf_orgnr, sektor, coalesce(drg, npk_drg), arsak, detalj
