-- what: the features put on the chunk's episodes
-- grain: one row per ep_nr, feature
-- key: ep_nr, feature
-- source: docs/synthetic-data.md
select
    e.ep_nr,
    f.place,
    one_of(e.ek, f.feature, f.codes) as code,
    f.feature,
from episode as e
inner join feature_item as f on f.item_nr = e.item_nr
left join (select distinct hf, rhf from provider) as p on p.hf = e.hf
left join syn.regional_features as r on r.feature = f.feature and r.rhf = p.rhf
where e.part < 4
    and not e.is_light
    and e.stay_days >= f.min_days
    and u(e.ek, 'share of ' || f.feature) < f.share * coalesce(r.factor, 1)
    and (e.reason is null or f.place <> 'hovedtilstand')
