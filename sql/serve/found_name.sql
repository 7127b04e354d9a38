-- what: trusts, regions, municipalities, rules, paragraphs and groups whose number, code or name has the text looked for
-- grain: one row per thing found
-- key: kind, code, sector
-- source: docs/regelverk.md 0
-- The text is in the variable `text` of the connection.
with
known as (
    select
        'municipality' as kind,
        lpad(cast(municipality_number as varchar), 4, '0') as code,
        null as sector,
        name,
        cast(municipality_number as varchar) as other,
    from ref.municipality
    union all
    select 'rhf' as kind, rhf_orgnr as code, null as sector, rhf_name as name, rhf_orgnr as other from region
    union all
    select 'hf' as kind, hf_orgnr as code, null as sector, hf_name as name, hf_orgnr as other from provider
    union all
    select 'rule' as kind, rule as code, null as sector, title as name, paragraph as other from ref.rule
    union all
    select 'group' as kind, drg as code, sector, name, drg as other from ref.drg
    union all
    select 'group' as kind, stg as code, sector, name, stg as other from ref.stg
    union all
    select 'group' as kind, tfg as code, sector, name, tfg as other from ref.tfg
),

judged as (
    select
        *,
        lower(code) = lower(getvariable('text')) or lower(other) = lower(ltrim(getvariable('text'), '§ ')) as is_exact,
    from known
    where code is not null
)

select
    kind,
    code,
    sector,
    name,
    is_exact,
from judged
where is_exact or contains(lower(name), lower(getvariable('text')))
