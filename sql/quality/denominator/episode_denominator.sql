-- what: how many episodes, contacts and department stays each unit reported
-- grain: one row per kind of denominator, sector, trust, institution and unit
-- key: denominator, sector, hf_orgnr, institution_id, unit_id
-- source: regulation §3.8
with
counted as (
    select
        sector,
        hf_orgnr,
        institution_id,
        unit_id,
        is_department_stay,
        count(*) as rows_counted,
    from episode
    group by sector, hf_orgnr, institution_id, unit_id, is_department_stay
),

named as (
    select *, 'episode' as denominator from counted
    union all
    select *, if(is_department_stay, 'department_stay', 'contact') as denominator from counted
)

select
    denominator,
    sector,
    hf_orgnr,
    institution_id,
    unit_id,
    cast(sum(rows_counted) as bigint) as rows_counted,
from named
group by denominator, sector, hf_orgnr, institution_id, unit_id
