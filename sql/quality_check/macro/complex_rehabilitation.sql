-- what: share of complex rehabilitation above the threshold
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §7.2.1, §3.8
with
rule as (
    select
        max(value) filter (where parameter = 'complex_drg') as complex_drg,
        max(value) filter (where parameter = 'simple_drg') as simple_drg,
    from ref.parameter
    where rule = '7.2.1'
)

select
    stay.hf_orgnr,
    stay.sector,
    cast(null as varchar) as month,
    count(*) filter (where stay.drg = rule.complex_drg) as numerator,
    count(*) as denominator,
    -- The deduction is made per region of residence (the settlement shows it); a trust has no points of its own in it.
    cast(0 as decimal(18, 3)) as points_at_stake,
from stay
cross join rule
where stay.drg in (rule.complex_drg, rule.simple_drg)
group by stay.hf_orgnr, stay.sector
