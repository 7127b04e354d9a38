-- what: trusts that report nothing: of the rule set's table, where most of it reports, or of an earlier delivery
-- grain: one row per trust
-- key: hf_orgnr
-- source: regulation §3.5, §3.8
with
reporting as (
    select distinct hf_orgnr from part_week where file = 'episode'
),

-- A delivery of a few hospitals is not a national one.
registered as (
    select hf_orgnr, hf_name
    from registered_trust
    where 2 * (select count(*) from registered_trust where hf_orgnr in (select hf_orgnr from reporting))
        > (select count(*) from registered_trust)
),

expected as (
    select hf_orgnr from registered
    union
    select hf_orgnr from earlier_part where file = 'episode'
)

select
    expected.hf_orgnr,
    coalesce(registered_trust.hf_name, expected.hf_orgnr) as hf_name,
from expected
left join registered_trust on registered_trust.hf_orgnr = expected.hf_orgnr
where expected.hf_orgnr not in (select hf_orgnr from reporting)
