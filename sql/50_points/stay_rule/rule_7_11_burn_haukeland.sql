-- what: burn weights of Haukeland instead of the DRG's
-- grain: one row per stay with the rule
-- key: stay_nr
-- source: docs/regelverk.md 3, 7.11; regulation §7.11
select
    stay.stay_nr,
    '7.11' as rule,
    'adjustment' as kind,
    burn_weight.weight - stay.base_points as points,
from supplement_stay as stay
inner join ref.burn_weight as burn_weight on burn_weight.drg = stay.drg
where stay.sector = 'SOM'
    and stay.hf_orgnr in (from ref.codes('7.11', 'haukeland_hf'))
    and burn_weight.weight <> stay.base_points
