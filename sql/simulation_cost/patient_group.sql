-- what: what each patient brings each group: units and cost, to draw patients anew
-- grain: one row per patient, sector, kind of unit and group with a mean of its own
-- key: sector, unit_type, group_code, patient_id
-- source: docs/simulation.md, weights from costs
select
    unit.sector,
    unit.unit_type,
    unit.group_code,
    unit.patient_id,
    md5_number_lower(unit.patient_id) as draw_number,
    count(*) as units,
    cast(sum(unit.trimmed) as bigint) as trimmed,
from weighed_unit as unit
inner join cost_weight as weight
    on weight.sector = unit.sector
    and weight.unit_type = unit.unit_type
    and weight.group_code = unit.group_code
    and weight.method = 'own'
group by unit.sector, unit.unit_type, unit.group_code, unit.patient_id
