-- what: share of the patients of included stays who are from another region
-- grain: one row per trust, sector and, where the measure has one, month
-- key: hf_orgnr, sector, month
-- check: macro
-- source: regulation §3.8
with
-- A guest who comes each week is one guest.
person as (
    select
        stay.hf_orgnr,
        stay.sector,
        stay.patient_id,
        bool_or(stay.residence_rhf_orgnr <> provider.rhf_orgnr) as is_guest,
    from stay
    -- Who belongs to no region has no guests.
    inner join provider on provider.hf_orgnr = stay.hf_orgnr and provider.rhf_orgnr is not null
    group by stay.hf_orgnr, stay.sector, stay.patient_id
)

select
    hf_orgnr,
    sector,
    cast(null as varchar) as month,
    count(*) filter (where is_guest) as numerator,
    count(*) as denominator,
from person
group by hf_orgnr, sector
