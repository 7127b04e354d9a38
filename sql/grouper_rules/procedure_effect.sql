-- what: what procedure codes do to a case's group
-- grain: one row per code and effect
-- key: code, effect_nr
-- source: docs/grouper.md, How a rule is matched: procedure properties, CC level
with
direct as (
    select
        proc.code,
        effect.effect_nr,
        effect.kind,
        effect.value,
    from definition.proc as proc
    inner join effect
        on effect.value = proc.varval
        and effect.kind = case proc.vartype
            when 'DGPROP' then 'diagnosis'
            when 'PROCPR' then 'procedure'
            when 'OR' then 'operation'
            when 'CC' then 'level'
        end
)

select code, effect_nr, kind, value from direct
union all
-- An operation that does not itself give the property of the rule that wants no other one.
select
    direct.code,
    effect.effect_nr,
    effect.kind,
    effect.value,
from direct
inner join effect on effect.kind = 'other_operation'
where direct.kind = 'operation'
    and direct.value = '1'
    and (direct.code, effect.value) not in (select (code, value) from direct where kind = 'procedure')
