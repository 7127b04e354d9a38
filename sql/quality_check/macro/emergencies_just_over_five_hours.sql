-- what: of emergency stays around the limit of hours, the share just above it
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §7.19, §3.8
with
margin as (
    select 60 * number as margin_s from check_parameter
    where check_id = 'emergencies_just_over_five_hours' and parameter = 'minutes'
)

select
    stay.hf_orgnr,
    stay.sector,
    cast(null as varchar) as month,
    count(*) filter (where stay.duration_s >= 60 * ref.number('7.19', 'below_minutes')) as numerator,
    count(*) as denominator,
from stay
cross join margin
where stay.drg in (from ref.codes('7.19', 'drg'))
    and stay.duration_s between 60 * ref.number('7.19', 'below_minutes') - margin.margin_s and 60 * ref.number('7.19', 'below_minutes') + margin.margin_s
group by stay.hf_orgnr, stay.sector
