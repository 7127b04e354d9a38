-- what: which special service a procedure code gives, per sector, HDG and age group
-- grain: one row per procedure, sector, HDG (a number or `*`) and age group (child, adult)
-- key: procedure, sector, hdg, age_group
-- source: docs/regelverk.md 4 (a); regulation §4.19, §4.20
with
age_group as (
    select unnest(['child', 'adult']) as age_group
)

select
    stg_procedure.procedure,
    stg_procedure.sector,
    stg_procedure.hdg,
    age_group.age_group,
    -- A row for the age group is more specific than one for all ages.
    arg_min(stg_procedure.stg, if(stg_procedure.age_group = '*', 1, 0)) as stg,
from ref.stg_procedure as stg_procedure
inner join age_group on stg_procedure.age_group in ('*', age_group.age_group)
group by stg_procedure.procedure, stg_procedure.sector, stg_procedure.hdg, age_group.age_group
