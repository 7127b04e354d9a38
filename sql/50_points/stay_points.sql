-- what: all ledger rows of stays by themselves, before pathways
-- grain: one row per stay and rule
-- key: stay_nr, rule
-- as: view
-- source: docs/regelverk.md 3; regulation chapters 7 and 8
select stay_nr, rule, kind, points from stay_rule
union all
select stay_nr, rule, kind, points from zeroing_rule
