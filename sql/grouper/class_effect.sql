-- what: what each class of secondary diagnoses or procedures does to a group, and each class of main diagnoses
-- grain: one row per class and effect
-- key: class_nr, effect_nr
-- source: docs/grouper.md, How a rule is matched: features
-- column class_nr: of main diagnoses below 0
with
class as (
    select distinct class_nr, is_procedure, effects from code_class
    union all
    select -main_nr as class_nr, false as is_procedure, effects from main_class
)

select
    class.class_nr,
    class.is_procedure,
    effect.effect_nr,
    effect.kind,
    effect.value,
from (select class_nr, is_procedure, unnest(effects) as effect_nr from class) as class
inner join effect on effect.effect_nr = class.effect_nr
