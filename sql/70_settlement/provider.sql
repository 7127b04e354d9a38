-- what: who a provider is: name, type and owner of every organisation number that occurs
-- grain: one row per number of the trust table, of an RHF or in the delivery, and one (empty) for a missing number
-- key: hf_orgnr
-- source: docs/published-tables.md; reference table trust
with
registered as (
    select
        hf_orgnr,
        hf_name,
        hf_type,
        rhf_orgnr,
        rhf_name,
    from ref.trust
    union all
    -- Private providers under an RHF's agreements report under the RHF's own number: it is its own owner.
    select
        rhf_orgnr as hf_orgnr,
        rhf_name as hf_name,
        'RHF' as hf_type,
        rhf_orgnr,
        rhf_name,
    from region
    where rhf_orgnr not in (select hf_orgnr from ref.trust)
),

occurring as (
    select hf_orgnr from registered
    union
    select hf as hf_orgnr from landing.episode
    union
    select hf as hf_orgnr from landing.hresept
    union
    select hf as hf_orgnr from landing.enhet
    union
    select rhf as hf_orgnr from landing.akonto
    union
    -- Rows that could not be used are reported to whoever sent them.
    select trim(row_content ->> '$.hf') as hf_orgnr from landing.quarantine
    union
    select null as hf_orgnr
)

select
    occurring.hf_orgnr,
    -- An unknown one keeps its number behind the word, so that no two providers share a name.
    coalesce(registered.hf_name, 'ukjent ' || coalesce(occurring.hf_orgnr, '(uten nummer)')) as hf_name,
    registered.hf_type,
    registered.rhf_orgnr,
    registered.rhf_name,
from occurring
left join registered on registered.hf_orgnr = occurring.hf_orgnr
