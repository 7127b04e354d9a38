-- what: how a trust's activity of each kind is shared among its institutions
-- grain: one row per hf, place_kind, inst_nr
-- key: hf, place_kind, inst_nr
-- source: docs/synthetic-data.md
-- Where a trust has no institution for the kind, all of its institutions share it, radiotherapy units excepted.
with shares as (
    select
        'SOM' as sector,
        hf,
        inst_nr,
        type,
        share_som as share
    from institution where share_som > 0
    union all
    select
        'PHVTSB',
        hf,
        inst_nr,
        type,
        share_phv
    from institution where share_phv > 0
),

kinds as (
    select distinct
        place_kind,
        place_kind in ('vop', 'bup', 'tsb') as phv
    from syn.place_kinds
),

wanted as (
    select
        s.*,
        k.place_kind,
        s.share * coalesce(f.factor, 0) as weight
    from shares as s
    inner join kinds as k on k.phv = (s.sector <> 'SOM')
    left join syn.place_kinds as f on f.place_kind = k.place_kind and f.type = s.type
    union all
    select
        *,
        'main',
        share
    from shares
    where sector = 'SOM' and type not in ('radio', 'rehab')
    qualify row_number() over (partition by hf order by share desc, inst_nr) = 1
)

select
    hf,
    place_kind,
    inst_nr,
    if(sum(weight) over (partition by hf, place_kind) > 0, weight, if(type = 'radio', 0, share)) as weight
from wanted
order by hf, place_kind, inst_nr
