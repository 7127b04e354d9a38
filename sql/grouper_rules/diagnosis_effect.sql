-- what: what diagnosis codes do to a case's group, by themselves and as a pair of asterisk and dagger code
-- grain: one row per code, dagger code (empty = the code by itself) and effect
-- key: code, d_code, effect_nr
-- source: docs/grouper.md, How a rule is matched: properties of a diagnosis
select
    dg.code,
    coalesce(dg.d_code, '') as d_code,
    effect.effect_nr,
    effect.kind,
    effect.value,
from definition.dg as dg
inner join effect
    on effect.value = dg.varval
    and effect.kind = case dg.vartype
        when 'PDGPRO' then 'main'
        when 'DGPROP' then 'diagnosis'
        when 'PROCPR' then 'procedure'
        when 'OR' then 'operation'
        when 'COMPL' then 'complication'
    end
-- A pair gives no operation: only its codes by themselves do.
where dg.vartype <> 'OR' or dg.d_code is null
