"""The weight at which a change costs nothing: with it the change is settled, and costs less than its last decimal."""

import random
from decimal import Decimal

import pytest

from pipelines.errors import InputRefused
from pipelines.rules import load as rulesets
from pipelines.simulate import neutral
from pipelines.simulate.activity import opened
from pipelines.simulate.compare import compare
from pipelines.simulate.evaluate import Evaluations, settled_rules
from tests.integration.simulated import settled_home, variant


@pytest.fixture(scope="module")
def activity(tmp_path_factory):
    with opened(*settled_home(tmp_path_factory.mktemp("neutral"), 3, ruleset="2025")) as found:
        yield found


def solved(activity, alternative, *groups) -> tuple:
    settled = settled_rules(activity)
    evaluations = Evaluations(activity, settled)
    result = compare(activity, settled, settled, alternative, calibrate="none", evaluations=evaluations)
    asked = neutral.read(groups, [alternative])
    neutral.add(activity, evaluations, result, asked)
    return evaluations, asked, result.tables[neutral.TABLE].dicts()


def change(activity, evaluations, rules, sector: str, region=None) -> Decimal:
    settled = settled_rules(activity)
    asked = {"calibrate": "none", "evaluations": evaluations, "tables": ("endring_rhf",)}
    result = compare(activity, settled, settled, rules, **asked)
    return sum(
        r["endring"]
        for r in result.tables["endring_rhf"].dicts()
        if (r["maal"], r["sektor"]) == ("full", sector) and region in (None, r["bosted_rhf_orgnr"])
    )


def test_with_the_neutral_weight_the_change_costs_nothing(activity):
    """Other DRGs are cheaper; one of them, with stays that are paid, is to make up for it."""
    (drg,) = activity.con.execute(
        "select drg from wh.stay where sector = 'SOM' and stay_nr not in"
        " (select stay_nr from wh.pathway_member where stay_nr is not null)"
        " and stay_nr not in (select stay_nr from wh.zeroing_rule)"
        " group by drg order by count(*) desc, drg limit 1"
    ).fetchone()
    rules = variant(rulesets.read("2025"), "cheaper")
    r = random.Random(2)
    for row in rules.tables["drg"]:
        if row["sector"] == "SOM" and row["drg"] != drg and r.random() < 0.5:
            row["base_points"] = (row["base_points"] * Decimal("0.95")).quantize(Decimal("0.001"))
    evaluations, (group,), rows = solved(activity, rules, f"som:{drg}")
    assert [(r["nivaa"], r["tiltak"]) for r in rows][:1] == [("land", None)]
    for row in rows:
        assert (row["vekt_avrundet"] is None) == (row["merknad"] is not None)
    region = next(row for row in rows[1:] if row["vekt_avrundet"] not in (None, rows[0]["vekt_avrundet"]))
    for row in (rows[0], region):
        with_it = neutral.with_weight(rules, group, row["vekt_avrundet"])
        assert change(activity, evaluations, with_it, "SOM", row["orgnr"]) == row["rest"]
    assert abs(rows[0]["rest"]) <= rows[0]["antall"] * Decimal("0.0005")
    assert abs(rows[0]["vekt_noytral"] - rows[0]["vekt_avrundet"]) <= Decimal("0.0005")
    country = rows[0]
    assert country["vekt_noytral"] > country["vekt_alternativ"] and country["antall"] > 0
    assert {r["nivaa"] for r in rows} == {"land", "rhf"}


def test_a_change_is_asked_by_itself_where_it_concerns_the_group():
    draft, group = rulesets.read("2026-draft"), neutral.Group("SOM", "pathway", "BT01")
    concerned = [row["change"] for row in draft.tables["change"] if neutral.concerns(draft, row["change"], group)]
    assert concerned == ["macula_pathway"] and neutral.weight_of(draft, group) == 0


def test_a_group_that_nobody_knows_is_refused():
    draft = rulesets.read("2026-draft")
    with pytest.raises(InputRefused, match=r"(?s)--neutral BT01: give SECTOR:GROUP.*SOM:BT0: no alternative has that"):
        neutral.read(["BT01", "SOM:BT0"], [draft])
    assert neutral.read(["SOM:BT01", "som:bt01"], [draft]) == [neutral.Group("SOM", "pathway", "BT01")]


def test_the_search_follows_the_line_through_what_was_tried():
    """A weight that counts three times as often as its units, and a step that no weight can hit."""

    def thrice(weight):
        points = 30 * (weight - Decimal("0.8123"))
        return weight - points / 10, points

    def step(weight):
        points = Decimal(5) if weight > Decimal("0.5") else Decimal(-3)
        return weight - points / 10, points

    assert neutral.least(thrice, Decimal(1)) == Decimal("0.812")
    assert step(neutral.least(step, Decimal(1)))[1] == -3
    assert neutral.least(lambda weight: (None, None), Decimal(1)) == 1
