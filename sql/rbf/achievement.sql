-- what: numerator and denominator of every indicator, per region, and per trust where the register gives it
-- grain: one row per indicator and region (hf_orgnr empty), and per indicator and trust
-- key: indicator, rhf_orgnr, hf_orgnr
-- source: indicator.csv of the year's scheme; the file of the national quality indicator
select
    indicator,
    rhf_orgnr,
    null as hf_orgnr,
    cast(sum(numerator) as bigint) as numerator,
    cast(sum(denominator) as bigint) as denominator,
from outpatient_contact_count
group by indicator, rhf_orgnr
union all
select indicator, rhf_orgnr, hf_orgnr, numerator, denominator from outpatient_contact_count
union all
select indicator, rhf_orgnr, hf_orgnr, numerator, denominator from treated_patient_count
union all
select
    indicator.indicator,
    file.rhf_orgnr,
    null as hf_orgnr,
    file.numerator,
    file.denominator,
from rbf.indicator as indicator
cross join rbf.indicator_file as file
where indicator.counting = 'file'
