-- what: stays by delivered and grouped DRG per treating trust, those that stay included, and the points that move
-- title: Omgruppering per HF og gruppe
-- grain: one row per trust, sector, delivered, grouped and used DRG and reason
-- key: hf_orgnr, sektor, levert_drg, gruppert_drg, brukt_drg, arsak, detalj
-- adds: antall_opphold
-- source: docs/grouper.md
-- column hf_orgnr: organisation number of the treating trust
-- heading hf_orgnr: HF, org.nr
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column levert_drg: the main episode's delivered DRG
-- heading levert_drg: Levert DRG
-- column gruppert_drg: the DRG of the stay grouped anew
-- heading gruppert_drg: Gruppert DRG
-- column brukt_drg: the DRG that counts where stays are grouped anew
-- heading brukt_drg: Brukt DRG
-- column arsak: why they differ, or that they do not
-- heading arsak: Årsak
-- column detalj: return code, or why the stay is not grouped
-- heading detalj: Detalj
-- column antall_opphold: stays
-- heading antall_opphold: Opphold
-- column poeng_levert: base points of the delivered DRG
-- heading poeng_levert: Poeng levert
-- column poeng_brukt: base points of the used DRG
-- heading poeng_brukt: Poeng brukt
-- column poeng_endring: base points that the grouping moves
-- heading poeng_endring: Endring i poeng
select
    hf_orgnr,
    sector as sektor,
    delivered_drg as levert_drg,
    grouped_drg as gruppert_drg,
    used_drg as brukt_drg,
    cause as arsak,
    detail as detalj,
    count(*) as antall_opphold,
    cast(sum(points_delivered) as decimal(18, 3)) as poeng_levert,
    cast(sum(points_used) as decimal(18, 3)) as poeng_brukt,
    cast(sum(points_used - points_delivered) as decimal(18, 3)) as poeng_endring,
from regrouped_stay
group by all
