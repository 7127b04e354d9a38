-- what: the change per treating trust, sector and cause
-- title: Endring per HF og årsak
-- grain: one row per trust, sector and cause
-- key: hf_orgnr, sektor, arsak
-- adds: endring_kr
-- source: docs/compare.md
-- column hf_orgnr: organisation number of the treating trust; empty for the regional deduction and missing numbers
-- heading hf_orgnr: HF, org.nr
-- column sektor: SOM or PHVTSB
-- heading sektor: Sektor
-- column arsak: the cause
-- heading arsak: Årsak
-- column hf: name of the trust
-- heading hf: HF
-- column poeng_fra: points of the changed units in the earlier delivery
-- heading poeng_fra: Poeng før
-- column poeng_til: points of the changed units in the later delivery
-- heading poeng_til: Poeng etter
-- column endring_poeng: after less before
-- heading endring_poeng: Endring, poeng
-- column endring_kr: change in kroner, not rounded
-- heading endring_kr: Endring, kr
with
named as (
    select hf_orgnr, hf_name from later.provider
    union
    select hf_orgnr, hf_name from earlier.provider where hf_orgnr not in (
        select hf_orgnr from later.provider where hf_orgnr is not null
    )
)

select
    change.hf_orgnr,
    change.sektor,
    change.arsak,
    if(change.arsak = 'regionalt_trekk', 'Regionalt trekk', coalesce(min(named.hf_name), 'ukjent')) as hf,
    cast(sum(change.poeng_fra) as decimal(18, 3)) as poeng_fra,
    cast(sum(change.poeng_til) as decimal(18, 3)) as poeng_til,
    cast(sum(change.endring_poeng) as decimal(18, 3)) as endring_poeng,
    cast(sum(change.endring_kr) as decimal(28, 6)) as endring_kr,
from sammenligning as change
left join named on named.hf_orgnr is not distinct from change.hf_orgnr
group by change.hf_orgnr, change.sektor, change.arsak
