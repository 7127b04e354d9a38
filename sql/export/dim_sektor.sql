-- what: the sectors with their unit prices
-- title: Sektorer
-- grain: one row per sector
-- key: sektor
-- source: docs/export.md; regulation §3.10, §3.11
-- column sektor varchar: SOM or PHVTSB
-- column navn varchar: Norwegian name
-- column enhetspris decimal(18, 2): unit price, kroner per point
-- column isf_andel decimal(9, 4): share financed by ISF
select distinct
    sektor,
    if(sektor = 'SOM', 'Somatikk', 'Psykisk helsevern og TSB') as navn,
    enhetspris,
    isf_andel,
from oppgjor_rhf
