-- what: what each department of a hospital has at stake, each row once
-- grain: one row per trust and department
-- key: hf_orgnr, unit_id
-- source: regulation §3.8
with
row_at_stake as (
    select
        hf_orgnr,
        unit_id,
        row_type,
        row_key,
        greatest(max(points_at_stake), 0) as points_lost,
        greatest(-min(points_at_stake), 0) as points_over,
        greatest(max(nok_at_stake), 0) as nok_lost,
        greatest(-min(nok_at_stake), 0) as nok_over,
    from counted_row
    where is_counted and not trial
    group by hf_orgnr, unit_id, row_type, row_key
)

select
    row_at_stake.hf_orgnr,
    row_at_stake.unit_id,
    known_unit.unit_name,
    count(*) as failing_rows,
    cast(sum(row_at_stake.points_lost) as decimal(18, 3)) as points_lost,
    cast(sum(row_at_stake.points_over) as decimal(18, 3)) as points_over,
    cast(sum(row_at_stake.nok_lost) as decimal(28, 9)) as nok_lost,
    cast(sum(row_at_stake.nok_over) as decimal(28, 9)) as nok_over,
from row_at_stake
-- The name of another trust's department is not told.
left join known_unit
    on known_unit.unit_id = row_at_stake.unit_id and known_unit.hf_orgnr = row_at_stake.hf_orgnr
group by row_at_stake.hf_orgnr, row_at_stake.unit_id, known_unit.unit_name
