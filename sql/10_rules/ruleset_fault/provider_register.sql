-- what: organisation numbers of another form, and regions with several names
-- grain: one row per fault; no rows when all is well
-- key: place, fault
-- source: docs/published-tables.md
with
number as (
    select place, 'hf_orgnr' as name, hf_orgnr as value from ref.trust
    union all
    select place, 'rhf_orgnr', rhf_orgnr from ref.trust
),

region as (
    select
        rhf_orgnr,
        string_agg(distinct rhf_name, ', ' order by rhf_name) as names,
        arg_max(place, place) as place,
    from ref.trust
    group by rhf_orgnr
    having count(distinct rhf_name) > 1
)

select
    place,
    name || ' ''' || value || ''' is not an organisation number of 9 digits' as fault,
    'Correct it.' as remedy,
from number
where not regexp_full_match(value, '[0-9]{9}')
union all
select
    place,
    'RHF ' || rhf_orgnr || ' has several names: ' || names as fault,
    'Use one.' as remedy,
from region
