-- what: what a hospital's pack is about, as a hash: the findings that it can answer, whatever has been answered
-- grain: one row per trust
-- key: hf_orgnr
-- source: regulation §3.8
select
    hospital.hf_orgnr,
    sha256(coalesce(
        string_agg(
            concat_ws(chr(31), row.check_id, row.row_type, row.row_key, coalesce(row.value, '')), chr(30)
            order by row.check_id, row.row_type, row.row_key, row.value nulls first
        ),
        ''
    )) as findings_sha256,
from hospital
left join check_row as row on row.hf_orgnr = hospital.hf_orgnr
group by hospital.hf_orgnr
