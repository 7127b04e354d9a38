"""A rule set may lack a rule: it then pays nothing, and nothing else changes."""

from pipelines.rules import load as rulesets
from pipelines.rules.reads import required, required_rules
from pipelines.settlement.run import build_warehouse
from tests.cases.casebook import write_delivery
from tests.cases.test_cases import GROUPS


def test_without_the_rules_of_supplements_and_deductions_only_base_points_are_left(tmp_path):
    """All the cases of a delivery, in which every rule occurs, under a set that lacks them."""
    cases = max(GROUPS.values(), key=len)
    folder = tmp_path / "2025-bare"
    folder.mkdir()
    there = {row["rule"] for row in rulesets.read("2025").tables["rule"]}
    rules = ({*required(), "7.20"} - {*required_rules()}) & there
    removed = "".join(f'[[remove]]\nrule = "{rule}"\n' for rule in sorted(rules))
    settings = 'id = "2025-bare"\nactivity_year = 2025\nstatus = "draft"\nbase = "2025"\nsource = "test"\n'
    (folder / "rules.toml").write_text(f"[ruleset]\n{settings}{removed}", encoding="utf-8")
    con = build_warehouse(write_delivery(cases, tmp_path), ruleset=str(folder))
    try:
        assert con.execute("select distinct kind from ledger order by kind").fetchall() == [
            ("base",), ("block_grant",), ("taken_over",),
        ]  # fmt: skip
        assert con.execute("select count(*) from ledger where points is null").fetchall() == [(0,)]
    finally:
        con.close()
