-- what: names of groups, codes and numbers that the table they belong to does not have
-- grain: one row per fault; no rows when all is well
-- key: place, fault
-- source: docs/rule-sets.md
with
named as (
    select place, 'drg' as name, drg as value, 'drg.csv, sector ' || sector as listed_in from ref.drg_exception
    union all
    select place, 'stg', stg, 'stg.csv, sector ' || sector from ref.stg_procedure
    union all
    select place, 'replacement_drg_som', replacement_drg_som, 'drg.csv, sector SOM' from ref.non_isf_main_condition
    union all
    select place, 'replacement_drg_phvtsb', replacement_drg_phvtsb, 'drg.csv, sector PHVTSB'
    from ref.non_isf_main_condition
    union all
    select place, 'drg', drg, 'drg.csv' from ref.burn_weight
    union all
    select place, 'drg', drg, 'drg.csv' from ref.rehab_day
    union all
    select place, 'drg', drg, 'drg.csv' from ref.day_surgery_family
    union all
    select place, 'drg', drg, 'drg.csv' from ref.weight_method
    union all
    select place, 'stg', stg, 'stg.csv' from ref.stg_medicine
    union all
    select place, 'stg', stg, 'stg.csv' from ref.stg_exclusive_group
    union all
    select place, 'tfg', tfg, 'tfg.csv' from ref.tfg_component
    union all
    select place, 'tfg', tfg, 'tfg.csv' from ref.tfg_exclusive_group
    union all
    select place, 'code', code, member_type || '.csv' from ref.tfg_component
    union all
    select place, 'rhf_orgnr', rhf_orgnr, 'trust.csv (rhf_orgnr)' from ref.municipality
    union all
    select place, 'rhf_orgnr', rhf_orgnr, 'municipality.csv' from ref.trust
),

listed as (
    select 'drg.csv' as listed_in, drg as value from ref.drg
    union
    select 'drg.csv, sector ' || sector, drg from ref.drg
    union
    select 'stg.csv', stg from ref.stg
    union
    select 'stg.csv, sector ' || sector, stg from ref.stg
    union
    select 'tfg.csv', tfg from ref.tfg
    union
    select 'trust.csv (rhf_orgnr)', rhf_orgnr from ref.trust
    union
    select 'municipality.csv', rhf_orgnr from ref.municipality
)

select
    named.place,
    named.name || ' ''' || named.value || ''' is not in ' || named.listed_in as fault,
    'Add it there or correct the ' || named.name || '.' as remedy,
from named
anti join listed on listed.listed_in = named.listed_in and listed.value = named.value
-- A value that could not be read is a fault already.
where named.value is not null and named.listed_in is not null
