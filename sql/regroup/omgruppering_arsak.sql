-- what: why stays are grouped elsewhere, or are not
-- title: Årsaker til omgruppering
-- grain: one row per sector, reason and detail
-- key: sektor, arsak, detalj
-- adds: antall_opphold
-- source: docs/grouper.md
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column arsak: the first reason that applies
-- heading arsak: Årsak
-- column detalj: return code, or why the stay is not grouped
-- heading detalj: Detalj
-- column antall_opphold: stays
-- heading antall_opphold: Opphold
-- column enig_med_npk: stays whose grouped DRG is NPK's
-- heading enig_med_npk: Enig med NPK
-- column levert_er_npk: stays whose delivered DRG is NPK's
-- heading levert_er_npk: Levert lik NPK
-- column poeng_endring: base points that the grouping moves
-- heading poeng_endring: Endring i poeng
select
    sector as sektor,
    cause as arsak,
    detail as detalj,
    count(*) as antall_opphold,
    count(*) filter (where grouped_drg = npk_drg) as enig_med_npk,
    count(*) filter (where delivered_drg = npk_drg) as levert_er_npk,
    cast(sum(points_used - points_delivered) as decimal(18, 3)) as poeng_endring,
from regrouped_stay
group by all
