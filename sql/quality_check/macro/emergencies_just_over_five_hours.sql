-- what: of emergency stays around the limit of hours, the share just above it
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §7.19, §3.8
with
rule as (
    select
        60 * max(number) filter (where parameter = 'below_minutes') as limit_s,
        list(value) filter (where parameter = 'drg') as drgs,
    from ref.parameter
    where rule = '7.19'
),

margin as (
    select 60 * number as margin_s from check_parameter
    where check_id = 'emergencies_just_over_five_hours' and parameter = 'minutes'
)

select
    stay.hf_orgnr,
    stay.sector,
    cast(null as varchar) as month,
    count(*) filter (where stay.duration_s >= rule.limit_s) as numerator,
    count(*) as denominator,
    cast(0 as decimal(18, 3)) as points_at_stake,
from stay
cross join rule
cross join margin
where list_contains(rule.drgs, stay.drg)
    and stay.duration_s between rule.limit_s - margin.margin_s and rule.limit_s + margin.margin_s
group by stay.hf_orgnr, stay.sector
