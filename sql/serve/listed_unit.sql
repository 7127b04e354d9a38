-- what: a page of units with the names of who has treated and who pays
-- grain: one row per unit
-- key: unit_nr
-- source: docs/serve.md
-- `chosen` is the page.
select
    chosen.unit_nr,
    chosen.unit_type,
    chosen.unit_id as code,
    chosen.sector,
    chosen.group_code,
    nullif(chosen.month, 0) as month,
    treating.hf_name as name,
    paid.hf_name as residence_rhf_name,
    chosen.unit_rules as rules,
    chosen.points,
    chosen.refund_nok,
from chosen
inner join provider as treating on coalesce(treating.hf_orgnr, '') = chosen.hf_orgnr
inner join provider as paid on paid.hf_orgnr is not distinct from chosen.residence_rhf_orgnr
