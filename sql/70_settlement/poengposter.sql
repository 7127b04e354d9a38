-- what: the points ledger as published
-- title: Poengposter: én rad per tellende enhet og regel
-- grain: one row per unit and rule
-- key: enhet_type, enhet_id, regel
-- as: view
-- personal: yes
-- source: docs/published-tables.md; docs/regelverk.md 0
-- column enhet_type varchar: opphold, sertjeneste, forlop or region
-- column enhet_id varchar: id of the unit: episode id of the stay's first episode, STG|patient|period, TFG|patient|period or stay, or the region's organisation number
-- column regel varchar: the rule that gave the points (`isf rules` lists them)
-- column paragraf varchar: paragraph of the ISF regulation
-- column sektor varchar: SOM (somatic care) or PHVTSB (mental health and substance abuse treatment)
-- column hf_orgnr varchar: organisation number of the treating trust; empty on the regional row
-- column bosted_rhf_orgnr varchar: organisation number of the region of the patient's residence
-- column drg_stg_tfg varchar: the unit's DRG, STG or TFG
-- column poeng decimal(18, 3): points, three decimals, negative for deductions
select
    case ledger.unit_type
        when 'stay' then 'opphold'
        when 'service' then 'sertjeneste'
        when 'pathway' then 'forlop'
        else ledger.unit_type
    end as enhet_type,
    ledger.unit_id as enhet_id,
    ledger.rule as regel,
    rule.paragraph as paragraf,
    ledger.sector as sektor,
    ledger.hf_orgnr,
    ledger.residence_rhf_orgnr as bosted_rhf_orgnr,
    ledger.group_code as drg_stg_tfg,
    ledger.points as poeng,
from ledger
left join ref.rule as rule on rule.rule = ledger.rule
