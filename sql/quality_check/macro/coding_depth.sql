-- what: condition codes per department stay
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §3.8, §4.15
with
department_stay as (
    select
        episode_nr,
        hf_orgnr,
        sector,
    from episode
    where is_department_stay and reason = 'included'
)

select
    department_stay.hf_orgnr,
    department_stay.sector,
    cast(null as varchar) as month,
    count(*) as numerator,
    count(distinct department_stay.episode_nr) as denominator,
    cast(0 as decimal(18, 3)) as points_at_stake,
from landing.tilstand as condition
inner join department_stay on department_stay.episode_nr = condition.episode_nr
group by department_stay.hf_orgnr, department_stay.sector
