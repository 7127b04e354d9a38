-- what: the answers of a file as they are kept: each is about the value that the hospital reports in the row
-- grain: one row per check, row, hospital and reported value
-- key: check_id, row_type, row_key, hf_orgnr, value
-- source: regulation §3.8
select distinct
    answer_judged.check_id,
    answer_judged.row_type,
    answer_judged.row_key,
    answer_judged.hf_orgnr,
    finding.value,
    answer_judged.answer,
    answer_judged.answer_comment,
from answer_judged
inner join answerable as finding
    on finding.check_id = answer_judged.check_id
    and finding.row_type = answer_judged.row_type
    and finding.row_key = answer_judged.row_key
    and finding.hf_orgnr = answer_judged.hf_orgnr
where answer_judged.outcome = 'taken' and answer_judged.answer <> 'withdrawn'
