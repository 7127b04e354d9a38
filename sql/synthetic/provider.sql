-- what: providers with the points of a national year: the trust's published, or a share of what private providers have
-- grain: one row per sector, hf
-- key: sector, hf
-- source: docs/synthetic-data.md
with providers as (
    select
        'SOM' as sector,
        hf_orgnr as hf,
        profile_som as profile,
        share_som as share
    from syn.providers
    union all
    select
        'PHVTSB',
        hf_orgnr,
        profile_phv,
        share_phv
    from syn.providers
),

known as (
    select
        p.*,
        coalesce(t.rhf_orgnr, p.hf) as rhf,
        if(p.sector = 'SOM', t.published_points_somatikk, t.published_points_phvtsb)::double as published
    from providers as p
    left join ref.trust as t on t.hf_orgnr = p.hf
    where p.profile is not null
)

select
    k.sector,
    k.hf,
    k.rhf,
    k.profile,
    k.published,
    coalesce(k.published, k.share * g.points) as points
from known as k
left join syn.targets as g
    on g.kind = 'private' and g.sector = k.sector and coalesce(g.orgnr, k.rhf) = k.rhf and k.published is null
order by k.sector, k.hf
