-- what: the rules of the rule set
-- title: Regler
-- grain: one row per rule
-- key: regel
-- source: docs/export.md; reference table rule
-- column regel varchar: id of the rule, as in the ledger
-- column paragraf varchar: paragraph of the regulation
-- column tittel varchar: Norwegian title
select
    rule as regel,
    paragraph as paragraf,
    title as tittel,
from ref.rule
