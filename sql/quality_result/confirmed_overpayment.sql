-- what: rows that a hospital says are right although they may be paid too much: the directorate looks at them
-- grain: one row per failing row and check
-- key: check_id, hf_orgnr, row_type, row_key, value
-- source: regulation §3.8
select
    check_id,
    hf_orgnr,
    institution_id,
    unit_id,
    month,
    row_type,
    row_key,
    value,
    points_at_stake,
    nok_at_stake,
    answer_comment,
from counted_row
where is_confirmed and points_at_stake < 0
