-- what: the people of one home area, age band and sex: a range of numbers
-- grain: one row per home_idx, band, sex
-- key: home_idx, band, sex
-- source: docs/synthetic-data.md
with sized as (
    select
        h.home_idx,
        a.band,
        s.sex,
        a.age_from,
        a.age_to,
        greatest(3, round(h.population * a.share * if(s.sex = 1, a.male_share, 1 - a.male_share) * $scale))::bigint as n
    from home as h, syn.population_ages as a, (values (1), (2)) as s (sex)
)

select
    *,
    (sum(n) over (order by home_idx, band, sex) - n)::bigint as first_person
from sized
order by home_idx, band, sex
