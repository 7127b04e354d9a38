-- what: home areas: the trusts that people belong to by where they live, with their people
-- grain: one row per home_idx
-- key: home_idx
-- source: docs/synthetic-data.md
select
    row_number() over (order by m.home_hf)::integer as home_idx,
    m.home_hf as hf,
    any_value(t.rhf_orgnr) as rhf,
    sum(m.population)::bigint as population
from syn.municipalities as m
inner join ref.trust as t on t.hf_orgnr = m.home_hf
group by m.home_hf
order by home_idx
