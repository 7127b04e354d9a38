-- what: what can be dispensed in each service through H-resept
-- grain: one row per stg
-- key: stg
-- source: docs/synthetic-data.md
select
    r.stg,
    list(
        { 'atc': m.atc, 'varenr': m.varenr, 'belop': m.belop, 'codes': string_split(i.codes, ' ') }
        order by r.priority, m.atc
    ) as choices
from ref.stg_medicine as r
inner join syn.medicines as m on m.atc_prefix = r.atc_prefix
inner join syn.indications as i on i.icd10_prefix = r.icd10_prefix
group by 1
