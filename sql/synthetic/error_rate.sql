-- what: how often each kind of error occurs at each hospital, per row that can have it
-- grain: one row per kind, hf
-- key: kind, hf
-- source: docs/synthetic-data.md
with hospitals as (select distinct hf from provider)

select
    k.kind,
    h.hf,
    least(
        0.9, k.rate * $errors / $usual_error_share
        * exp($hospital_error_spread * normal_draw(key_of($seed, hash(h.hf)), 'hospital'))
        * exp($kind_error_spread * normal_draw(key_of($seed, hash(h.hf || k.kind)), 'kind'))
    ) as rate
from syn.error_kinds as k, hospitals as h
where u(key_of($seed, hash(k.kind || h.hf)), 'concerned') < k.hospitals
order by kind, hf
