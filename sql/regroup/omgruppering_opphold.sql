-- what: each stay with its delivered, grouped, used and NPK's DRG, for other jobs to read
-- title: Omgruppering per opphold
-- grain: one row per stay
-- key: opphold_id
-- source: docs/grouper.md
-- column opphold_id: the stay's id
-- heading opphold_id: Opphold
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column hf_orgnr: organisation number of the treating trust
-- heading hf_orgnr: HF, org.nr
-- column levert_drg: the main episode's delivered DRG
-- heading levert_drg: Levert DRG
-- column npk_drg: NPK's own DRG of the stay
-- heading npk_drg: NPKs DRG
-- column gruppert_drg: the DRG of the stay grouped anew
-- heading gruppert_drg: Gruppert DRG
-- column brukt_drg: the DRG that counts where stays are grouped anew
-- heading brukt_drg: Brukt DRG
-- column regel: the rule of the definition tables
-- heading regel: Regel
-- column returkode: its return code
-- heading returkode: Returkode
-- column arsak: why the DRGs differ, or that they do not
-- heading arsak: Årsak
-- column poeng_endring: base points that the grouping moves
-- heading poeng_endring: Endring i poeng
select
    stay_id as opphold_id,
    sector as sektor,
    hf_orgnr,
    delivered_drg as levert_drg,
    npk_drg,
    grouped_drg as gruppert_drg,
    used_drg as brukt_drg,
    ord as regel,
    rtc as returkode,
    cause as arsak,
    cast(points_used - points_delivered as decimal(18, 3)) as poeng_endring,
from regrouped_stay
