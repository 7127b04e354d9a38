-- what: the net cost of each unit, in øre, as it is and with the ward of long stays cut at the trim point
-- grain: one row per counted unit with the costs of all its episodes
-- key: unit_type, unit_id
-- source: docs/simulation.md, weights from costs
select
    unit.unit_type,
    unit.unit_id,
    unit.sector,
    unit.group_code,
    unit.hf_orgnr,
    unit.patient_id,
    coalesce(unit.nights > trim_limit.trim_point, false) as is_trimmed,
    unit.ward + unit.beside_ward - unit.paid_by_others as net,
    if(
        unit.nights > trim_limit.trim_point,
        -- Half away from zero; what lies beyond the trim point is paid by §7.1.
        cast((2 * cast(unit.ward as hugeint) * trim_limit.trim_point + unit.nights) // (2 * unit.nights) as bigint),
        unit.ward
    ) + unit.beside_ward - unit.paid_by_others as trimmed,
from cost_unit as unit
left join trim_limit
    on unit.unit_type = 'stay' and trim_limit.sector = unit.sector and trim_limit.drg = unit.group_code
where unit.episodes_with_cost = unit.episodes
