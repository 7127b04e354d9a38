-- what: municipalities (and the city's districts) of the home areas, as far as the year has them
-- grain: one row per home_idx, komnr, bydel
-- key: home_idx, komnr, bydel
-- source: docs/synthetic-data.md
select
    h.home_idx,
    m.municipality_number::integer as komnr,
    m.bydel,
    m.population as weight
from syn.municipalities as m
inner join home as h on h.hf = m.home_hf
inner join ref.municipality as r on r.municipality_number = m.municipality_number::integer and r.rhf_orgnr = h.rhf
order by home_idx, komnr, bydel
