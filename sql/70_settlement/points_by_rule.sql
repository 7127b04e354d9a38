-- what: what each rule gives, with the words of the register
-- grain: one row per rule, kind and sector of the ledger
-- key: rule, kind, sector
-- as: view
-- source: rulebook section 0; regulation §3.11
-- column unit_type: the units it is given to: of base points stay, service or pathway; of other kinds the first by name
select
    ledger.rule,
    ledger.kind,
    ledger.sector,
    coalesce(any_value(rule.paragraph), ledger.rule) as paragraph,
    coalesce(any_value(rule.title), ledger.rule) as title,
    coalesce(any_value(rule.position), 0) as position,
    coalesce(any_value(rule.draft), false) as draft,
    min(ledger.unit_type) as unit_type,
    count(*) as units,
    sum(ledger.points) as points,
from ledger
left join ref.rule as rule on rule.rule = ledger.rule
group by ledger.rule, ledger.kind, ledger.sector
