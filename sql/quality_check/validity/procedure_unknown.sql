-- what: procedure codes that are not in the register
-- grain: one row per failing row
-- key: episode_nr
-- check: validity
-- source: regulation §4.14, §5.6
with
-- Medicine codes have a register of their own.
wrong as (
    select distinct kode as code
    from landing.prosedyre
    where kodeverk <> 'F'
        and exists (select 1 from register_code where register = 'procedure')
        and kode not in (select code from register_code where register = 'procedure')
)

select
    episode_nr,
    string_agg(distinct kode, ' ' order by kode) as value,
from landing.prosedyre
where kodeverk <> 'F' and kode in (select code from wrong)
group by episode_nr
