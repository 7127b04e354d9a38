"""How the plain calculator reads a delivery: numbers, dates, times, credits and names, checked by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from .hand import Hand, rules, stays
from .plain.model import Moment
from .plain.parsing import parse

SECOND = timedelta(seconds=1)


def moment(day: str, seconds: int) -> Moment:
    return Moment(date.fromisoformat(day), seconds * SECOND)


@pytest.mark.parametrize("text, value", [("1.0", 1), ("301,00", 301), ("01", 1), ("-2.000", -2), ("+7", 7)])
def test_whole_numbers(text, value):
    assert parse("int", text) == value


@pytest.mark.parametrize("text", ["1.5", "1.01", "1.", ".0", "1.0.0", "1,0,0", "1e0", "1 000", "9" * 19, "NaN"])
def test_not_whole_numbers(text):
    assert parse("int", text) is None


def test_municipalities_are_smaller_whole_numbers():
    assert [parse("town", text) for text in ("0301", "2147483647", "2147483648")] == [301, 2147483647, None]


@pytest.mark.parametrize("tail", ["", " 00:00", "T00:00:00", " 00:00:00.000", "T00:00:00,0"])
def test_dates_with_a_time_of_zeros(tail):
    assert parse("date", "2025-03-05" + tail) == date(2025, 3, 5)


@pytest.mark.parametrize("tail", ["T00:01", " 00:00:00.001", "T24:00", "T", " 0:00", "T00:00:00.", "Z", " 00"])
def test_dates_with_any_other_time(tail):
    assert parse("date", "2025-03-05" + tail) is None


@pytest.mark.parametrize("kind", ["start", "end"])
@pytest.mark.parametrize(
    "text, value",
    [
        ("2025-03-05T09:59:59.999999", moment("2025-03-05", 36000)),
        ("2025-03-05 09:59:59,5", moment("2025-03-05", 36000)),
        ("2025-03-05T09:59:59.4999999999", moment("2025-03-05", 35999)),
        ("2025-03-05T10:00:00.0", moment("2025-03-05", 36000)),
        ("2025-03-05T23:59:59.5", moment("2025-03-06", 0)),
        ("2025-12-31T23:59:59.5", moment("2026-01-01", 0)),
        ("2025-03-05", Moment(date(2025, 3, 5), None)),
        ("2025-03-05T10:00.5", None),
        ("2025-03-05T10:00:00.", None),
        ("2025-03-05T24:00:01", None),
        ("2025-03-05T24:00:00.1", None),
        ("2025-03-05T25:00", None),
    ],
)
def test_times(kind, text, value):
    assert parse(kind, text) == value


@pytest.mark.parametrize("tail", ["T24:00", " 24:00:00", "T24:00:00.000", " 24:00:00,0"])
def test_midnight_that_ends_its_date(tail):
    end = parse("end", "2025-03-05" + tail)
    assert (end.day, end.known, end.as_end.isoformat()) == (date(2025, 3, 5), True, "2025-03-06T00:00:00")
    assert parse("start", "2025-03-05" + tail) is None


def test_24_00_keeps_its_date():
    hand = Hand()
    hand.episode("a1", "90", "2025-01-01T10:00", "2025-01-31T24:00")
    hand.episode("k1", "980D", "2025-02-01T19:00:01", "2025-02-01T24:00")
    hand.episode("k2", "980D", "2025-12-31T19:00", "2025-12-31T24:00", pasientID="q")
    hand.episode("k3", "980D", "2025-12-31T19:00", "2026-01-01T00:00", pasientID="q")
    hand.episode("k4", "980D", "2025-06-02T00:00", "2025-06-01T24:00")
    result = hand.settle()
    assert {s.id: s.length for s in result.stays} == {"a1": 30, "k1": 0, "k2": 0}
    assert [("7.19" in rules(result, k)) for k in ("k1", "k2")] == [True, False]
    assert {e.id: e.reason for e in result.landed.episodes}["k3"] == "not_finished_in_period"
    assert result.landed.quarantine[0] == ("episode", 6, "ends_before_start")


OCTOBER = [
    # start, end, minutes; None = quarantined
    ("2025-10-26T02:50", "2025-10-26T02:10", 20),
    ("2025-10-26T03:00", "2025-10-26T02:00", 0),
    ("2025-10-26T02:30", "2025-10-26T02:31", 1),
    ("2025-10-26T02:00", "2025-10-26T03:00", 60),
    ("2025-10-26T03:00:01", "2025-10-26T02:30", None),
    ("2025-10-26T03:00:00.4", "2025-10-26T01:59:59.5", 0),
    ("2025-10-26T02:30", "2025-10-26T01:59:59", None),
    ("2025-10-19T02:50", "2025-10-19T02:10", None),
    ("2025-10-27T02:50", "2025-10-27T02:10", None),
    ("2025-03-30T02:50", "2025-03-30T02:10", None),
]


@pytest.mark.parametrize("start, end, minutes", OCTOBER)
def test_the_hour_that_occurs_twice(start, end, minutes):
    hand = Hand()
    hand.episode("k1", "980D", start, end)
    result = hand.settle()
    assert [s.duration for s in result.stays] == ([] if minutes is None else [timedelta(minutes=minutes)])


def test_a_stay_that_ends_before_it_starts():
    hand = Hand()
    hand.episode("k1", "908B", "2025-10-26T02:50", "2025-10-26T02:10")
    hand.episode("k2", "908B", "2025-10-26T02:40", "2025-10-26T02:20")
    hand.episode("k3", "908B", "2025-10-26T02:40", "2025-10-26T02:50", institusjonID="2")
    hand.episode("k4", "908B", "2025-10-26T02:50", "2025-10-26T02:05", institusjonID="2")
    result = hand.settle()
    assert stays(result) == {"k2": ["k1", "k2"], "k3": ["k3", "k4"]}
    assert [s.duration for s in result.stays] == [timedelta(minutes=40), timedelta(minutes=10)]
    # k1 lasted 20 minutes and k2 40; k3 lasted 10 and k4 15: the longer leads
    assert [s.main.id for s in result.stays] == ["k2", "k4"]


@pytest.mark.parametrize("born, paid", [("2025", True), ("2026", False), ("1895", False), ("1999.0", True)])
def test_impossible_birth_years_give_no_supplement(born, paid):
    hand = Hand()
    hand.episode("k1", "TD32A", "2025-03-01", "2025-03-01", fodselsar=born)
    assert ("8.6" in rules(hand.settle(), "k1")) is paid


@pytest.mark.parametrize("born, stg", [("2008", "TS08B"), ("2007", "TS08A"), ("2026", "TS08A"), ("", "TS08A")])
def test_impossible_birth_years_are_adults(born, stg):
    hand = Hand()
    over = {"sektor": "VOP", "kontaktType": "5", "codes": "WPBA11", "fodselsar": born}
    hand.episode("k1", "", "2025-03-01", "2025-03-01", **over)
    assert [s.stg for s in hand.settle().services] == [stg]


def test_more_than_one_per_cent_stops_publication():
    hand = Hand()
    for i in range(100):
        hand.episode(f"k{i}", "908B", "2025-03-01", "2025-03-01", innmateHast="4", persons="2 2")
    assert hand.settle().landed.not_to_be_published == set()
    hand.tables["episode"][0]["innmateHast"] = "x"
    hand.tables["episode"][1]["fodselsar"] = "1999"
    hand.tables["episode"][2]["fodselsar"] = "x"
    hand.tables["helseperson"][0]["polUtforende"] = hand.tables["helseperson"][1]["nr"] = ""
    assert hand.settle().landed.not_to_be_published == {("episode", "fodselsar")}
    hand.tables["helseperson"][2]["episodeID"] = "absent"
    hand.tables["episode"][3]["innmateHast"] = "x"
    assert hand.settle().landed.not_to_be_published == {
        ("episode", "fodselsar"),
        ("episode", "innmateHast"),
        ("helseperson", ""),
    }


# H-resept.


def reasons(*lines: tuple[str, str, str], **over: dict[str, str]) -> dict[str, str]:
    """Line id -> reason, of (id, day of March, amount)."""
    hand = Hand()
    for line_id, day, amount in lines:
        hand.prescription(line_id, f"2025-03-{day}", "R03DX05", "J45", belop=amount)
        hand.tables["hresept"][-1].update(over.get(line_id, {}))
    return {p.id: p.reason for p in hand.settle().landed.prescriptions}


CREDITED, INCLUDED = "credited", "included"


def test_a_credit_takes_the_latest_line_with_the_opposite_amount():
    assert reasons(("h1", "01", "100"), ("h2", "02", "100,00"), ("h3", "02", "-100.0"), ("h4", "03", "100")) == {
        "h1": INCLUDED,
        "h2": CREDITED,
        "h3": CREDITED,
        "h4": INCLUDED,
    }
    assert reasons(("h9", "01", "100"), ("h10", "01", "100"), ("a", "01", "-100")) == {
        "h9": CREDITED,
        "h10": INCLUDED,
        "a": CREDITED,
    }


def test_two_credits_take_a_line_each_in_order_of_date_then_id():
    # h3 comes first and takes h1; h4 takes h2, although the later credit would like it no less
    assert reasons(("h1", "01", "5"), ("h2", "03", "5"), ("h4", "04", "-5"), ("h3", "02", "-5")) == dict.fromkeys(
        ["h1", "h2", "h4", "h3"], CREDITED
    )
    assert reasons(("h1", "01", "5"), ("h2", "02", "-5"), ("h3", "03", "-5"), ("h4", "04", "5")) == {
        "h1": CREDITED,
        "h2": CREDITED,
        "h3": CREDITED,
        "h4": INCLUDED,
    }


@pytest.mark.parametrize(
    "other",
    [{"pasientID": "q"}, {"atc": ""}, {"varenr": "7"}, {"belop": "100.01"}, {"belop": ""}, {"belop": "x"}],
)
def test_a_credit_without_its_line_only_drops_out(other):
    assert reasons(("h1", "01", "100"), ("h2", "02", "-100"), h1=other) == {"h1": INCLUDED, "h2": CREDITED}


def test_missing_equals_missing_and_the_line_may_be_from_elsewhere():
    other = {"atc": "", "hf": "1", "komNrHjem": "9000", "refusjonsKodeUtlevering": ""}
    line = {"atc": "", "utleveringsdato": "2024-12-31"}
    assert reasons(("h1", "01", "1"), ("h2", "02", "-1"), h1=other | line, h2={"atc": ""}) == {
        "h1": CREDITED,
        "h2": CREDITED,
    }


@pytest.mark.parametrize(
    "dispensed, prescribed, stg",
    [
        ("L88", "L40", "JS01"),  # L88 of ICPC-2 has the form of an ICD-10 code and matches only the last row
        ("L40", "L88", "JS01"),
        ("K50", "L40", "FS01"),
        ("L40", "K50", "FS01"),
        ("L88", "", "XS99"),
        ("?", "", "ZS470"),
    ],
)
def test_of_two_refund_codes_the_one_that_matches_first(dispensed, prescribed, stg):
    hand = Hand()
    hand.prescription("h1", "2025-03-01", "L04AB04", dispensed, refusjonsKodeResept=prescribed)
    assert [s.stg for s in hand.settle().services] == [stg]


# Names.


def test_names_of_units():
    hand = Hand()
    for i, hf in enumerate(["983974724", "991324968", "999999999"]):
        hand.episode(f"k{i}", "908B", "2025-03-01", "2025-03-01", hf=hf, pasientID=f"p{i}")
    hand.prescription("h1", "2025-03-01", "R03DX05", "J45", hf="")
    hand.row("akonto", rhf="912345678", sektor="SOM", maned="2025-03", belop="1")
    result = hand.settle()
    assert {hf: (row["hf"], row["rhf_orgnr"]) for (hf, _), row in result.oppgjor_hf.items()} == {
        "983974724": ("Helse Bergen HF", "983658725"),
        "991324968": ("Helse Sør-Øst RHF", "991324968"),
        "999999999": ("ukjent 999999999", ""),
        "": ("ukjent (uten nummer)", ""),
    }
    assert result.oppgjor_rhf["912345678", "SOM"]["rhf"] == "ukjent 912345678"
