-- what: treating trust against region of residence
-- title: Behandlende HF mot RHF der pasienten bor
-- sheet: Gjestepasienter
-- grain: one row per trust, region of residence and sector that occurs
-- key: hf_orgnr, bosted_rhf_orgnr, sektor
-- hides: antall_opphold, isf_poeng, refusjon_kr
-- source: docs/published-tables.md; regulation §3.9
-- column hf_orgnr varchar: organisation number of the treating trust
-- column bosted_rhf_orgnr varchar: organisation number of the region of the patients' residence, home region included
-- column sektor varchar: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column antall_opphold bigint: counted stays; empty where the cell is hidden
-- column isf_poeng decimal(18, 3): points, without the regional deduction; empty where the cell is hidden
-- column refusjon_kr decimal(18, 2): refund that the points correspond to, kroner; empty where the cell is hidden
select
    hf_orgnr,
    bosted_rhf_orgnr,
    sektor,
    antall_opphold,
    isf_poeng,
    refusjon_kr,
from gjestepasienter_usladdet
