"""The text and JSON of `isf rules`."""

import json

from pipelines.rules import load as ruleset
from pipelines.rules import report as rules_report


def test_the_register_shows_every_rule_and_parameter():
    text = rules_report.register("2025")
    for rule in ruleset.read("2025").tables["rule"]:
        assert f"§ {rule['paragraph']}" in text
    for name in (
        "stay_gap_minutes = 120 minutes   (assumption)",
        "points = -0.245 points per stay",
        "(draft)",
    ):
        assert (name in text) == (name != "(draft)")
    assert "(draft)" in rules_report.register("2026-draft")


def test_assumptions_lists_every_marked_parameter_and_row():
    text = rules_report.assumptions("2025")
    for parameter in ruleset.read("2025").tables["parameter"]:
        if parameter["assumption"]:
            assert f"{parameter['rule']}.{parameter['parameter']} = " in text
    assert "table debitor: assumption: scheme ended" in text and "aggregation SOM 317O" in text


def test_the_json_has_the_same_facts():
    document = json.loads(rules_report.as_json("2026-draft"))
    read = ruleset.read("2026-draft")
    assert [r["rule"] for r in document["rules"]] == [r["rule"] for r in read.tables["rule"]]
    rule = next(r for r in document["rules"] if r["rule"] == "7.4")
    assert {p["parameter"]: p["value"] for p in rule["parameters"]} == {
        "points": "0.660",
        "procedure": ["WRBA20", "WRBA21"],
    }
    assert len(document["changes"]) == 12 and document["assumptions"]["parameters"]
