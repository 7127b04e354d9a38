"""`isf explain` finds every kind of id, with rule, paragraph, parameters, running sum and reason."""

from decimal import Decimal

import pytest

from pipelines.explain.arithmetic import line
from pipelines.explain.find import find, find_near
from pipelines.explain.queries import of_unit, query
from pipelines.explain.text import points, render
from pipelines.settlement.run import build_warehouse
from tests.explained import KINDS, delivered
from tests.property.random_deliveries import random_delivery, write_delivery


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    with build_warehouse(delivered(tmp_path_factory.mktemp("explain"))) as con:
        yield con


@pytest.mark.parametrize("value, text", [("1.782", "1,782"), ("-1234.5", "−1 234,500"), ("0", "0,000")])
def test_points_are_written_as_norwegians_read_them(value, text):
    assert points(Decimal(value)) == text


@pytest.mark.parametrize("identifier", ["L1", "L2"])
def test_a_stay_is_found_by_any_of_its_episodes(warehouse, identifier):
    (stay,) = find(warehouse, identifier)
    assert (stay["kind"], stay["stay_id"], stay["drg"]) == ("stay", "L1", "475A")
    assert [(row["rule"], row["points"], row["running_sum"]) for row in stay["ledger"]] == [
        ("drg_base", Decimal("8.286"), Decimal("8.286")),
        ("7.1", Decimal("1.620"), Decimal("9.906")),
    ]
    used = {row["parameter"]: row["value"] for row in stay["ledger"][1]["parameters"]}
    assert used["points"] == "0.090" and used["max_days"] == "100"
    assert [(row["episode_id"], row["is_main"], row["is_first"]) for row in stay["episodes"]] == [
        ("L1", False, True),
        ("L2", True, False),
    ]


@pytest.mark.parametrize("identifier", KINDS)
def test_every_kind_of_id_is_found(warehouse, identifier):
    assert [facts["kind"] for facts in find(warehouse, identifier)] == KINDS[identifier]


def test_an_episode_that_does_not_count_says_why(warehouse):
    (episode,) = find(warehouse, "X1")
    assert episode["reason"] == "not_resident"
    assert "ikke bosatt i Norge [not_resident, §3.2.1 b, §4.2]" in render([episode])


def test_a_service_tells_which_pathway_took_its_points(warehouse):
    (service,) = find(warehouse, "AS01|O'Brien|2025")
    assert service["pathway"] == "AT01|O'Brien|2025"
    assert [row["rule"] for row in service["ledger"]] == ["stg_base", "tfg_member"]
    assert service["ledger"][-1]["running_sum"] == 0
    assert [row["candidate_id"] for row in service["candidates"]] == ["H1"]


def test_a_prescription_leads_to_its_service_or_its_reason(warehouse):
    assert [facts["kind"] for facts in find(warehouse, "H1")] == ["service"]
    (line,) = find(warehouse, "H2")
    assert (line["kind"], line["reason"]) == ("prescription", "not_resident")


def test_a_pathway_lists_its_members_and_what_it_took(warehouse):
    (pathway,) = find(warehouse, "AT01|O'Brien|2025")
    assert {(row["unit_id"], row["points_taken"]) for row in pathway["members"]} == {
        ("I1", Decimal("0.205")),
        ("AS01|O'Brien|2025", Decimal("1.596")),
    }


def test_a_patient_lists_every_unit(warehouse):
    (patient,) = find(warehouse, "O'Brien")
    assert patient["points"] == Decimal("1.007")
    assert {row["unit_id"] for row in patient["units"]} == {"I1", "AS01|O'Brien|2025", "AT01|O'Brien|2025"}


def test_a_quarantined_row_is_found(warehouse):
    found, child = find(warehouse, "Q1")
    assert (found["kind"], found["reason"], found["column_name"]) == ("quarantine", "value_not_listed", "sektor")
    assert (child["file"], child["reason"]) == ("tilstand", "parent_quarantined")


def test_every_text_names_its_paragraphs(warehouse):
    text = render([facts for id in ("L1", "I1", "O'Brien", "X1", "H2", "Q1") for facts in find(warehouse, id)])
    for part in ("§7.1", "§3.11 f", "(antakelse)", "liggetid 60 døgn", "Teller ikke", "karantene"):
        assert part in text


@pytest.mark.parametrize("identifier", ["nothing", "'; drop table stay; --", "$1"])
def test_an_unknown_id_finds_nothing(warehouse, identifier):
    assert find(warehouse, identifier) == []


def test_the_points_of_a_long_stay_are_shown_as_arithmetic_up_to_the_krone(warehouse):
    (stay,) = find(warehouse, "L1")
    assert [row["arithmetic"] for row in stay["ledger"]] == [
        "basispoeng for DRG 475A = 8,286",
        "60 døgn − 32 − 10 = 18 døgn × 0,090 = 1,620",
    ]
    text = render([stay])
    assert "Refusjon: 9,906 poeng × 54 412,00 kr × 0,30 = 161 701,58 kr" in text
    assert (
        "Betales til Helse Sør-Øst RHF (991324968), behandlet ved Helse Bergen HF (983974724), Helse Vest RHF" in text
    )


def test_what_a_pathway_takes_is_what_stood_before_it(warehouse):
    (service,) = find(warehouse, "AS01|O'Brien|2025")
    assert service["ledger"][-1]["arithmetic"] == "−(1,596) = −1,596"
    assert service["money"]["refund_nok"] == 0


@pytest.mark.parametrize(
    "days, counted", [(142, "142 døgn − 32 − 10 = 100 døgn × 0,090 = 9,000"),
                      (143, "143 døgn − 32 − 10 = 101 døgn, høyst 100 døgn × 0,090 = 9,000")],
)  # fmt: skip
def test_days_above_the_most_that_counts_are_said(days, counted):
    row = {"form": "days", "points": Decimal("9.000"), "days": days, "subtracted": [32, 10],
           "remaining_days": days - 42, "counted_days": 100, "points_each": Decimal("0.090"),
           "line_points": Decimal("9.000")}  # fmt: skip
    assert line([row]) == counted


@pytest.mark.parametrize("asked, found", [("l1", "L1"), ("as01|o'brien|2025", "AS01|O'Brien|2025"), ("q1", "Q1")])
def test_upper_and_lower_case_do_not_matter(warehouse, asked, found):
    facts, near = find_near(warehouse, asked)
    assert (facts, near) == (find(warehouse, found), [])


def test_an_id_that_nothing_has_leads_to_those_like_it(warehouse):
    assert find_near(warehouse, "AS01|OBrien|2025") == ([], ["AS01|O'Brien|2025", "AT01|O'Brien|2025"])
    assert find_near(warehouse, "something quite different") == ([], [])


def test_the_numbers_of_every_rule_make_the_points_of_its_row(tmp_path):
    folder = write_delivery(random_delivery(3, patients=40, density=4), tmp_path)
    with build_warehouse(folder) as con:
        units = con.execute(
            """
            select distinct unit_type, unit_id
            from (
                select *, row_number() over (partition by rule order by points, unit_type, unit_id) as number
                from ledger where unit_type <> 'region'
            )
            where number <= 3
            order by all
            """
        ).fetchall()
        seen = set()
        for unit_type, unit_id in units:
            rows = of_unit(con, query("operand"), unit_type, unit_id)
            for rule in {row["rule"] for row in rows}:
                mine = [row for row in rows if row["rule"] == rule]
                seen.add(mine[0]["form"])
                assert made_of(mine) == mine[0]["points"], (rule, mine)
            (money,) = of_unit(con, query("unit_money"), unit_type, unit_id)
            assert money["points"] == sum({row["rule"]: row["points"] for row in rows}.values())
    assert {"days", "weight", "returned", "amount"} <= seen


def made_of(rows):
    """The points that a calculator makes of a row's numbers; of an amount or a weight itself."""
    form = rows[0]["form"]
    if form == "days":
        days = [row["days"] - sum(row["subtracted"]) for row in rows]
        assert [row["remaining_days"] for row in rows] == days
        return sum(row["counted_days"] * row["points_each"] for row in rows)
    if form == "returned":
        return -sum(rows[0]["summands"])
    if form == "difference":
        return rows[0]["weight"] - rows[0]["summands"][0]
    return rows[0]["points"]
