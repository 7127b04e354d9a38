-- what: values of parameters that are not in the table they name, or no number where a model reads numbers
-- grain: one row per fault; no rows when all is well
-- key: place, fault
-- source: docs/rule-sets.md
with
-- Parameters, by name, whose values are codes of a table.
code_of (parameter, listed_in) as (
    values
        ('drg', 'drg.csv'),
        ('excluded_drg', 'drg.csv'),
        ('drg_with_main_condition', 'drg.csv'),
        ('complex_drg', 'drg.csv'),
        ('simple_drg', 'drg.csv'),
        ('replacement_drg', 'drg.csv'),
        ('missing_indication_stg', 'stg.csv'),
        ('haukeland_hf', 'trust.csv')
),

listed as (
    select distinct 'drg.csv' as listed_in, drg as value from ref.drg
    union all
    select distinct 'stg.csv', stg from ref.stg
    union all
    select distinct 'trust.csv', hf_orgnr from ref.trust
)

select
    parameter.place,
    'value ''' || parameter.value || ''' is not in ' || code_of.listed_in as fault,
    if(
        code_of.listed_in = 'trust.csv',
        'Add the trust or correct the number.',
        'Add it there or correct the parameter.'
    ) as remedy,
from ref.parameter as parameter
inner join code_of on code_of.parameter = parameter.parameter
anti join listed on listed.listed_in = code_of.listed_in and listed.value = parameter.value
union all
select
    parameter.place,
    'value ''' || parameter.value || ''' is not a whole number' as fault,
    'Write digits only.' as remedy,
from ref.parameter as parameter
inner join number_read on number_read.rule = parameter.rule and number_read.parameter = parameter.parameter
where parameter.number is null
