"""The plain calculator by itself: the worked examples of the rulebook, and limits checked by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from .hand import Hand, rules, stays, total
from .plain.pathways import half_up
from .plain.settlement import refund
from .random_deliveries import random_delivery
from .reference import load


def one(drg: str, start: str, end: str, episode_id: str = "a1", **over: str):
    hand = Hand()
    hand.episode(episode_id, drg, start, end, **over)
    return hand.settle()


def points_of(drg: str, start: str, end: str, episode_id: str = "a1", **over: str) -> str:
    return total(one(drg, start, end, episode_id, **over), episode_id)


# The nine worked examples.


def test_example_1_primary_rehabilitation():
    assert points_of("462A", "2025-03-01T10:00", "2025-03-25T10:00") == "2.350"
    assert points_of("462B", "2025-03-01T10:00", "2025-04-10T10:00") == "2.070"
    assert points_of("862B", "2025-03-01T10:00", "2025-03-01T12:00", "k1") == "0.120"


def test_example_2_two_department_stays_are_one():
    hand = Hand()
    hand.episode("a1", "89", "2025-09-05", "2025-09-10")
    hand.episode("a2", "475A", "2025-09-10", "2025-09-25")
    result = hand.settle()
    assert stays(result) == {"a1": ["a1", "a2"]}
    assert (result.stays[0].length, total(result, "a1")) == (20, "8.286")
    sixty = one("475A", "2025-09-01", "2025-10-31")
    assert rules(sixty, "a1") == {"drg_base": "8.286", "7.1": "1.620"}


def test_example_3_discharge_ready():
    result = one("64", "2025-01-01", "2025-05-21", utskrKlarDato="2025-05-11")
    assert (result.stays[0].length, result.stays[0].effective_length) == (140, 130)
    assert rules(result, "a1")["7.1"] == "8.370"


def test_example_4_secondary_rehabilitation():
    assert points_of("14A", "2025-03-01", "2025-03-21", icd="I63", other="Z50.89") == "2.862"


def test_example_5_circumcision():
    assert points_of("342N", "2025-03-01T08:00", "2025-03-01T12:00", codes="KGV20") == "0.137"


@pytest.mark.parametrize(
    "end, points",
    [("T12:59", "0.161"), ("T12:59:59", "0.161"), ("T13:00", "0.261"), ("", "0.261")],
)
def test_example_6_five_hours(end, points):
    assert points_of("980D", "2025-03-01T08:00", f"2025-03-01{end}", "k1") == points


@pytest.mark.parametrize("born, points", [("1999", "0.399"), ("1998", "0.294"), ("", "0.294")])
def test_example_7_at_home(born, points):
    result = points_of("TD32A", "2025-03-01T08:00", "2025-03-01T09:00", "k1", stedAktivitet="4", fodselsar=born)
    assert result == points


def test_example_8_pathway():
    hand = Hand()
    hand.prescription("h1", "2025-02-01", "L04AA27", "G35")
    hand.episode("k1", "801H", "2025-03-01T08:00", "2025-03-01T09:00")
    hand.episode("k2", "801H", "2025-04-01T08:00", "2025-04-01T09:00")
    result = hand.settle()
    assert [total(result, u) for u in ("AT01|p|2025", "AS01|p|2025", "k1", "k2")] == ["1.007"] + ["0.000"] * 3


def test_example_9_money():
    ref = load(2025)
    assert half_up(refund(Decimal("1000.000"), "SOM", ref), 2) == Decimal("16323600.00")
    share = Fraction(Decimal("-1625.992")) * 45808 * Fraction(1, 2)
    assert half_up(share, 2) == Decimal("-37241720.77")


# Stays.


@pytest.mark.parametrize("start, together", [("T12:00", True), ("T12:00:01", False), ("T09:00", True)])
def test_the_gap_is_exactly_two_hours(start, together):
    hand = Hand()
    hand.episode("a1", "89", "2025-03-01T08:00", "2025-03-02T10:00")
    hand.episode("a2", "90", f"2025-03-02{start}", "2025-03-03T10:00")
    assert len(hand.settle().stays) == (1 if together else 2)


@pytest.mark.parametrize(
    "start, end, joins",
    [
        ("2025-03-02T12:00", "2025-03-02T12:30", True),
        ("2025-03-02T12:00:01", "2025-03-02T12:30", False),
        ("2025-03-01T05:00", "2025-03-01T06:00", True),
        ("2025-03-01T05:00", "2025-03-01T05:59:59", False),
        ("2025-02-20T05:00", "2025-03-20T05:59", True),
    ],
)
def test_contacts_join_at_the_edges(start, end, joins):
    hand = Hand()
    hand.episode("a1", "89", "2025-03-01T08:00", "2025-03-02T10:00")
    hand.episode("k1", "908B", start, end)
    assert (len(hand.settle().stays) == 1) is joins


def test_a_contact_that_fits_two_stays_joins_the_earlier_and_does_not_extend_it():
    hand = Hand()
    hand.episode("a2", "90", "2025-03-02T14:00", "2025-03-03T10:00")
    hand.episode("a1", "89", "2025-03-01T08:00", "2025-03-02T10:00")
    hand.episode("k1", "908B", "2025-03-02T12:00", "2025-03-02T12:30")
    hand.episode("k2", "908B", "2025-03-02T12:20", "2025-03-02T12:30")
    assert stays(hand.settle()) == {"a1": ["a1", "k1"], "k2": ["a2", "k2"]}


def test_doctors_in_two_hdgs_and_the_contact_without_doctor():
    hand = Hand()
    for i, (drg, persons) in enumerate([("908B", "1"), ("923O", "17"), ("923O", "2")]):
        hand.episode(f"k{i}", drg, "2025-03-01T08:00", "2025-03-01T09:00", persons=persons)
    assert stays(hand.settle()) == {"k0": ["k0", "k2"], "k1": ["k1"]}


def test_main_episode_and_id_by_code_point():
    hand = Hand()
    for episode_id in ("k9", "k10", "kå", "kZ"):
        hand.episode(episode_id, "908B", "2025-03-01T08:00", "2025-03-01T09:00", icd="M179")
    result = hand.settle()
    assert (result.stays[0].id, result.stays[0].main.id) == ("k10", "k10")


def test_exception_drgs_stand_alone_one_a_day():
    hand = Hand()
    for i, drg in enumerate(["992O", "992O", "998O", "908B"]):
        hand.episode(f"k{i}", drg, "2025-03-01T08:00", "2025-03-01T09:00", persons="1")
    assert stays(hand.settle()) == {"k0": ["k0", "k1"], "k2": ["k2"], "k3": ["k3"]}


def test_phv_day_programme_and_covered_dates():
    hand = Hand()
    hand.episode("a1", "TD427A", "2025-03-01T23:00", "2025-03-03T00:00")
    hand.episode("k1", "TD03A", "2025-03-03T20:00", "2025-03-03T21:00")
    hand.episode("k2", "TD03A", "2025-03-04T10:00", "2025-03-04T11:00")
    hand.episode("k3", "TD802A", "2025-03-04T12:00", "2025-03-04T13:00", codes="IEAA00")
    hand.episode("k4", "TD32A", "2025-03-04T12:00", "2025-03-04T13:00", kontaktType="5")
    hand.episode("k5", "TD32A", "2025-03-05T12:00", "2025-03-05T13:00", kontaktType="5")
    hand.episode("k6", "TD32A", "2025-03-05T12:00", "2025-03-05T13:00")
    result = hand.settle()
    assert stays(result) == {"a1": ["a1", "k1"], "k2": ["k2", "k3", "k4"], "k5": ["k5"], "k6": ["k6"]}
    assert {s.id: s.main.id for s in result.stays}["k2"] == "k3"
    assert total(result, "a1") == "0.000"


def test_npk_drg_must_be_the_same_on_all_episodes():
    hand = Hand()
    hand.episode("a1", "89", "2025-03-01", "2025-03-02", npkOppholdDRG="14A")
    hand.episode("a2", "90", "2025-03-02", "2025-03-03", npkOppholdDRG="14A")
    hand.episode("k1", "908B", "2025-04-02", "2025-04-02", npkOppholdDRG="9999")
    assert {s.id: s.drg for s in hand.settle("npk").stays} == {"a1": "14A", "k1": "908B"}
    assert hand.settle().stays[0].drg != "14A"


# Points.


def test_main_condition_outside_isf_gets_nothing():
    result = one("342N", "2025-03-01", "2025-03-02", icd="Z76.8", codes="YFA00 KGV20")
    assert rules(result, "a1") == {"drg_base": "0.000", "7.20": "0.000"}
    assert result.stays[0].drg == "474"
    assert one("TD32A", "2025-03-01", "2025-03-01", "k1", icd="Z5030").stays[0].drg == "TD99L"
    assert one("TD32A", "2025-03-01", "2025-03-01", "k1", icd="Z016").stays[0].drg == "ZD470"


@pytest.mark.parametrize(
    "icd, other, pays",
    [("Z5089", "", False), ("Z5089", "Z5089", True), ("Z5089 I63", "", True), ("", "Z508", False)],
)
def test_rehabilitation_code_besides_the_main_conditions_row(icd, other, pays):
    result = one("14A", "2025-03-01", "2025-03-21", icd=icd, other=other)
    assert ("7.2.2" in rules(result, "a1")) is pays


def test_sterilisation_and_b53_bring_the_stay_to_zero():
    for over in ({"icd": "Z30.2", "codes": "YFA00"}, {"icd": "N80", "tariffs": "b53", "codes": "KGV20"}):
        assert points_of("361", "2025-03-01", "2025-03-04", **over) == "0.000"
    assert points_of("361", "2025-03-01", "2025-03-04", icd="N80") == "1.317"


def test_burns_at_helse_bergen_only():
    assert points_of("458", "2025-03-01", "2025-03-04", hf="983974724") == "7.438"
    assert points_of("458", "2025-03-01", "2025-03-04", hf="983974694") == "3.408"


def test_weekend_leave_is_deducted_once():
    hand = Hand()
    hand.episode("a1", "90", "2025-01-29T10:00", "2025-01-31T14:00")
    hand.episode("a2", "89", "2025-02-02T18:00", "2025-02-07T14:00", innmateHast="4")
    hand.episode("a3", "89", "2025-02-10T08:00", "2025-02-12T14:00", innmateHast="04")
    result = hand.settle()
    assert [("7.14" in rules(result, a)) for a in ("a1", "a2", "a3")] == [True, False, True]
    assert total(result, "a1") == "0.000"


def test_copayment_once_a_day_over_all_institutions():
    hand = Hand()
    for i, institution in enumerate(["2", "1"]):
        day = ("2025-03-01T08:00", "2025-03-01T09:00")
        hand.episode(f"k{i}", "TD32A", *day, institusjonID=institution, fodselsar="1999")
    result = hand.settle()
    assert [("8.6" in rules(result, k)) for k in ("k0", "k1")] == [True, False]


def test_complex_rehabilitation_above_45_per_cent():
    hand = Hand()
    for i in range(3):
        drg = "462B" if i == 2 else "462A"
        hand.episode(f"a{i}", drg, f"2025-03-0{i * 3 + 1}T10:00", f"2025-03-0{i * 3 + 2}T10:00")
    # 2 of 3 are complex: 2 - 0.45 * 3 = 0.65 paid as simple; 0.65 * (0.470 - 0.220) = 0.1625
    assert rules(hand.settle(), "991324968") == {"7.2.1": "-0.163"}
    del hand.tables["episode"][2]
    assert rules(hand.settle(), "991324968") == {}


# Services and pathways.


def test_exclusive_group_and_missing_indication():
    hand = Hand()
    hand.prescription("h1", "2025-02-01", "L04AB", "K50")
    hand.prescription("h2", "2025-02-01", "L04AC", "L40.5")
    hand.prescription("h3", "2025-02-01", "", "-90", refusjonsKodeResept="?")
    result = hand.settle()
    status = {s.id: s.status for s in result.services}
    assert status == {
        "FS01|p|2025": "counted",
        "JS01|p|2025": "exclusive_group",
        "ZS470|p|2025": "missing_indication",
    }


def test_the_nearest_trigger_takes_the_stay():
    hand = Hand()
    hand.episode("a1", "209H", "2025-03-01", "2025-03-04", icd="M170")
    hand.episode("a2", "209V", "2025-03-21", "2025-03-24", icd="M160")
    hand.episode("k1", "923O", "2025-03-11T08:00", "2025-03-11T09:00")
    hand.episode("k2", "908O", "2025-03-12T08:00", "2025-03-12T09:00")
    hand.episode("k3", "923O", "2025-04-20T08:00", "2025-04-20T09:00")
    hand.episode("k4", "923O", "2025-04-21T08:00", "2025-04-21T09:00")
    members = {p.id: [unit for _, unit in p.members] for p in hand.settle().pathways}
    assert members == {"HT04|p|a1": ["a1", "k1"], "HT06|p|a2": ["a2", "k2", "k3"]}


def test_seeds_repeat():
    assert random_delivery(5, dirty=True) == random_delivery(5, dirty=True)
