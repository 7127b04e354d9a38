-- what: share of included stays of patients from another region
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §3.8
select
    stay.hf_orgnr,
    stay.sector,
    cast(null as varchar) as month,
    count(*) filter (where stay.residence_rhf_orgnr <> provider.rhf_orgnr) as numerator,
    count(*) as denominator,
    cast(0 as decimal(18, 3)) as points_at_stake,
from stay
-- Who belongs to no region has no guests.
inner join provider on provider.hf_orgnr = stay.hf_orgnr and provider.rhf_orgnr is not null
group by stay.hf_orgnr, stay.sector
