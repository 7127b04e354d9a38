-- what: the directorate's list of rows that a hospital says are right although they may be paid too much
-- grain: one row per failing row and check
-- key: kontroll, hf_orgnr, radtype, radnokkel, verdi
-- as: view
-- source: regulation §3.8
select
    check_id as kontroll,
    hf_orgnr,
    institution_id as institusjon,
    unit_id as avdeling,
    month as maned,
    row_type as radtype,
    row_key as radnokkel,
    value as verdi,
    points_at_stake as poeng,
    cast(nok_at_stake as decimal(18, 2)) as kroner,
    answer_comment as kommentar,
from confirmed_overpayment
