-- what: the features of each case, and the codes that give them
-- grain: one row per case, kind and value
-- key: case_nr, kind, value
-- source: docs/grouper.md, How a rule is matched: features
with
looked_up as (
    select case_nr, is_main, code as shown, code, '' as d_code from case_diagnosis
    union all
    select case_nr, is_main, second_code as shown, second_code as code, '' as d_code
    from case_diagnosis
    where second_code <> ''
    union all
    select case_nr, is_main, code || '+' || second_code as shown, second_code as code, code as d_code
    from case_diagnosis
    where second_code <> ''
),

given as (
    select
        looked_up.case_nr,
        looked_up.shown,
        dg.vartype,
        dg.varval,
    from looked_up
    inner join definition.dg as dg on dg.code = looked_up.code and coalesce(dg.d_code, '') = looked_up.d_code
    where dg.vartype in ('DGPROP', 'PROCPR')
        or (dg.vartype = 'PDGPRO' and looked_up.is_main)
        or (dg.vartype = 'COMPL' and not looked_up.is_main)
        or (dg.vartype = 'OR' and looked_up.d_code = '')
    union all
    select
        case_procedure.case_nr,
        case_procedure.code as shown,
        proc.vartype,
        proc.varval,
    from case_procedure
    inner join definition.proc as proc on proc.code = case_procedure.code
),

recoded as (
    select
        given.case_nr,
        given.shown,
        given.vartype as kind,
        if(given.vartype = 'DGPROP', coalesce(recoding.becomes, given.varval), given.varval)
        || coalesce(' ' || complication.verdict, '') as value,
    from given
    inner join drg_case on drg_case.case_nr = given.case_nr
    left join state_number as sex on sex.kind = 'sex' and sex.value = drg_case.sex
    left join recoding
        on recoding.property = given.varval and recoding.sex_state = coalesce(sex.state, 0)
    left join grouped_case on grouped_case.case_nr = given.case_nr
    left join content_complication as complication
        on given.vartype = 'COMPL'
        and complication.content_nr = grouped_case.content_nr
        and complication.given = given.varval
)

select
    case_nr,
    kind,
    value,
    string_agg(distinct shown, ' ' order by shown) as codes,
from recoded
group by case_nr, kind, value
