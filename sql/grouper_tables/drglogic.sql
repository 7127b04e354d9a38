-- what: the rules of the definition set in the order in which they are tried
-- grain: one row per rule
-- key: rule_nr, ord
-- source: docs/grouper.md, How a rule is matched: ascending `ord` as text by code point
select
    cast(row_number() over (order by ord) as integer) as rule_nr,
    ord,
    drg,
    rtc,
    icd,
    mdc,
    pdgprop,
    "or",
    procpro1,
    dgcat1,
    agelim,
    compl,
    sex,
    dgprop1,
    dgprop2,
    dgprop3,
    dgprop4,
    secproc1,
    disch,
    dur,
    loc_drg,
from raw.drglogic
