"""A small delivery with one known fault per quality check, two hospitals, and its settled home."""

from __future__ import annotations

from pathlib import Path

from pipelines.quality import measure
from pipelines.settlement import run as settle
from tests.deliveries import Rows, manifest_of, write
from tests.shared import copy_of

NAME = "2025-T1-2"
FIRST, SECOND = "983971636", "993467049"
SCRIPT = '<script>alert(1)</script> & "avdeling"'
FORMULA = "=CMD|' /C calc'!A0"


# Check -> ids of the rows that fail it, at the first hospital unless the id begins with `B`.
EXPECTED = {
    "episode_value_missing": {"A-missing"},
    "episode_value_unreadable": {"A-unreadable"},
    "episode_value_not_listed": {"A-listed"},
    "episode_id_repeated": {"A-twice"},
    "episode_ends_before_start": {"A-before"},
    "code_without_episode": {"X-orphan"},
    "birth_year_unreadable": {"A-year?"},
    "debitor_unreadable": {"A-debitor?"},
    "municipality_unreadable": {"A-komnr?"},
    "other_value_unreadable": {"B-place?"},
    "line_value_unreadable": {"A-line-komnr?"},
    "unit_value_unreadable": {"B-mark?"},
    "municipality_missing": {"A-komnr", "B-komnr"},
    "municipality_unknown": {"A-komnr-old"},
    "debitor_missing": {"A-debitor"},
    "debitor_unknown": {"A-debitor-77"},
    "birth_year_missing": {"A-year"},
    "birth_year_impossible": {"A-year-1800"},
    "place_missing": {"A-place"},
    "place_unknown": {"A-place-88"},
    "urgency_missing": {"A-urgency"},
    "contact_type_missing": {"A-type"},
    "care_level_missing": {"A-level"},
    "drg_missing": {"A-drg"},
    "drg_unknown": {FORMULA, "B-drg"},
    "discharge_ready_outside": {"A-ready"},
    "time_of_day_missing": {"A-time", "A-no-time"},
    "unit_absent": {"A-unit"},
    "unit_isf_missing": {"U-no-mark"},
    "personnel_missing": {"A-nobody"},
    "personnel_unknown": {"A-somebody"},
    "icd10_form": {"A-icd"},
    "main_condition_missing": {"A-no-main"},
    "asterisk_without_dagger": {"A-asterisk"},
    "line_indication_missing": {"A-line-none", "A-line-same-1", "A-line-same-2"},
    "line_indication_form": {"A-line-form"},
    "line_municipality_missing": {"A-line-komnr"},
    "stay_split_same_day": {"A-split-2"},
    "overlapping_department_stays": {"A-overlap-2"},
    "long_stay_without_discharge_ready": {"A-long"},
    "birth_year_disagrees": {"A-old-mother"},
    "sex_disagrees": {"A-father"},
    "education_code_twice": {"A-learn-2"},
    "outside_isf_on_treated": {"A-outside"},
    "dialysis_code_missing": {"A-dialysis"},
    "bilateral_on_diagnostic": {"A-bilateral"},
    "group_code_missing": {"A-group"},
    "atc_without_administration": {"A-medicine"},
    "contact_over_a_day": {"A-endless"},
    "several_main_conditions": {"A-two-main"},
    "stay_resumed": {"A-again-2"},
    "transfer_within_trust": {"A-moved-2"},
    "condition_unknown": {"A-letter", "A-chapter"},
    "external_cause_as_main": {"A-fall"},
    "asterisk_as_main": {"A-star"},
    "condition_twice": {"A-same"},
    "code_against_sex": {"A-she"},
    "age_disagrees": {"A-child", "A-grown-up"},
    "municipality_disagrees": {"A-place-2"},
    "debitor_disagrees": {"A-abroad"},
    "birth_year_of_others": {"A-age-3", "A-born-1", "A-born-2"},
    "sex_of_others": {"A-age-2", "A-sex-1", "A-sex-2"},
    "trust_of_other_unit": {"A-lent"},
    "discharge_ready_at_once": {"A-at-once"},
    "stay_not_closed": {"A-open"},
    "contact_not_closed": {"A-no-end"},
    "episode_outside_period": {"A-last-year", "A-turn-1"},
    "hdg_disagrees": {"A-category"},
    "group_of_other_kind": {"A-inpatient-group"},
    "institution_of_other_unit": {"A-elsewhere", "A-moved-2"},
    "contact_reported_twice": {"A-also-once", "B-also-there"},
    "contact_very_long": {"A-ten-hours"},
    "time_at_midnight": {"A-midnight"},
    "contact_repeated": {"A-twice-2"},
    "contact_of_two_patients": {"A-two-ids-3", "A-two-ids-stay-2", "A-two-ids-later-2"},
    "surgical_group_without_procedure": {"A-no-surgery"},
    "line_atc_form": {"A-line-atc"},
    "line_outside_period": {"A-line-old"},
    "line_repeated": {"A-line-twice-2", "A-line-twice-3"},
    "line_indications_disagree": {"A-line-two"},
}


def _faults(rows: Rows) -> None:
    rows.episode("A-missing", pasientID="")
    rows.episode("A-unreadable", innDatoTid="2025-02-30")
    rows.episode("A-listed", episodetype="Q")
    rows.episode("A-twice")
    rows.episode("A-twice")
    rows.episode("A-before", utDatoTid="2025-01-01T10:00")
    rows.tables["tilstand"].append({"episodeID": "X-orphan", "tilstNr": "1", "kodeNr": "1", "kode": "I10"})
    rows.episode("A-year?", fodselsar="19?1")
    rows.episode("A-debitor?", debitor="1A")
    rows.episode("A-komnr?", komNrHjem="03x01")
    rows.episode("B-place?", SECOND, stedAktivitet="hjemme", inntilstand="ø")
    rows.episode("A-komnr", komNrHjem="")
    rows.episode("B-komnr", SECOND, komNrHjem="")
    rows.episode("A-komnr-old", komNrHjem="0219")
    rows.episode("A-debitor", debitor="")
    rows.episode("A-debitor-77", debitor="77")
    rows.episode("A-year", fodselsar="")
    rows.episode("A-year-1800", fodselsar="1800")
    rows.episode("A-place", stedAktivitet="")
    rows.episode("A-place-88", stedAktivitet="88")
    rows.episode("A-urgency", innmateHast="")
    rows.episode("A-type", kontaktType="")
    rows.episode("A-level", omsorgsniva="")
    rows.episode("A-drg", drg="")
    rows.episode(FORMULA, drg=FORMULA)
    rows.episode("B-drg", SECOND, drg="9XYZ")
    rows.stay("A-ready", "2025-02-01T10:00", "2025-02-05T10:00", utskrKlarDato="2025-02-09")
    rows.episode("A-time", drg="980D", utDatoTid="2025-01-02", innmateHast="1")
    rows.episode("A-no-time", drg="980D", utDatoTid="2025-01-02T10:00", innmateHast="1")
    rows.episode("A-unit", avdeling="U-gone")
    rows.episode("A-no-mark", avdeling="U-no-mark")
    rows.episode("A-nobody", people=())
    rows.episode("A-somebody", people=("99",))
    rows.episode("A-icd", conditions=("I639", "0639"))
    rows.episode("A-no-main", conditions=("I639:2:1",))
    rows.episode("A-asterisk", conditions=("I639", "G632:2:2"))
    rows.stay("A-split-1", "2025-02-01T10:00", "2025-02-05T09:00", pasientID="split")
    rows.stay("A-split-2", "2025-02-05T15:00", "2025-02-09T10:00", pasientID="split")
    rows.stay("A-overlap-1", "2025-03-01T10:00", "2025-03-05T09:00", pasientID="overlap")
    rows.stay("A-overlap-2", "2025-03-02T10:00", "2025-03-05T09:00", pasientID="overlap")
    rows.stay("A-long", "2025-01-02T10:00", "2025-02-20T10:00")
    rows.episode("A-old-mother", hdg="14", kjonn="2", fodselsar="1930", drg="914O")
    rows.episode("A-father", hdg="14", kjonn="1", fodselsar="1995", drg="914O")
    for number, day in enumerate(("06", "13"), 1):
        rows.episode(
            f"A-learn-{number}", pasientID="learner", drg="998O", procedures=("WWAA00",),
            innDatoTid=f"2025-01-{day}T10:00", utDatoTid=f"2025-01-{day}T12:00",
        )  # fmt: skip
    rows.episode("A-outside", conditions=("Z538",), drg="162O", procedures=("K:JAB30",))
    rows.episode("A-dialysis", conditions=("Z492",), drg="317O")
    rows.episode("A-bilateral", procedures=("R:ZXA10", "K:UJD02"))
    rows.episode("A-group", drg="996O", procedures=("OEGX30",))
    rows.episode("A-medicine", procedures=("F:L01XC18",))
    rows.episode("A-endless", utDatoTid="2025-01-05T10:00")
    rows.episode("A-two-main", conditions=("I639:1:1", "I10:1:1"))
    rows.stay("A-again-1", "2025-02-01T10:00", "2025-02-05T18:00", pasientID="again", hdg="4")
    rows.stay("A-again-2", "2025-02-07T09:00", "2025-02-09T10:00", pasientID="again", hdg="4")
    rows.stay("A-again-3", "2025-02-13T09:00", "2025-02-15T10:00", pasientID="again", hdg="4")
    rows.stay("A-moved-1", "2025-02-01T10:20", "2025-02-05T18:10", pasientID="moved")
    rows.stay("A-moved-2", "2025-02-05T19:00", "2025-02-09T10:40", pasientID="moved", institusjonID=f"{FIRST}J")
    rows.episode("A-letter", conditions=("I63O",))
    rows.episode("A-chapter", conditions=("D94",))
    rows.episode("A-fall", conditions=("W199",))
    rows.episode("A-star", conditions=("G632",))
    rows.episode("A-same", conditions=("I639", "I639"))
    rows.episode("A-she", conditions=("I639", "C61"), kjonn="2")
    rows.episode("A-child", conditions=("F03",), fodselsar="2015")
    for number, (place, born) in enumerate((("0301", "1950"), ("4601", "1950"), ("0301", "1950")), 1):
        day = f"2025-03-0{number}"
        rows.episode(f"A-place-{number}", pasientID="place", komNrHjem=place, fodselsar=born,
                     innDatoTid=f"{day}T10:00", utDatoTid=f"{day}T10:30")  # fmt: skip
        rows.episode(f"A-age-{number}", pasientID="age", fodselsar="1920" if number == 3 else born,
                     kjonn="2" if number == 2 else "1",
                     innDatoTid=f"{day}T11:00", utDatoTid=f"{day}T11:40")  # fmt: skip
    for number in (1, 2):
        rows.episode(f"A-sex-{number}", pasientID="either", kjonn=str(number), innDatoTid=f"2025-03-0{number}T12:00",
                     utDatoTid=f"2025-03-0{number}T12:35")  # fmt: skip
    for number, born in ((1, "1950"), (2, "1920")):
        rows.episode(f"A-born-{number}", pasientID="born", fodselsar=born, innDatoTid=f"2025-03-0{number}T13:00",
                     utDatoTid=f"2025-03-0{number}T13:35")  # fmt: skip
        rows.line(f"A-line-same-{number}", pasientID="same", refusjonsKodeResept="", belop=f"{number}00",
                  utleveringsdato=f"2025-02-{number}3")  # fmt: skip
    rows.episode("A-abroad", debitor="12")
    rows.episode("A-lent", avdeling=f"U{SECOND}")
    rows.stay("A-at-once", "2025-02-01T10:00", "2025-02-10T10:00", utskrKlarDato="2025-02-01")
    rows.stay("A-open", "2025-02-01T10:00", "", pasientID="open")
    rows.episode("A-open-later", pasientID="open", innDatoTid="2025-02-20T10:00", utDatoTid="2025-02-20T10:50")
    rows.episode("A-ten-hours", utDatoTid="2025-01-02T20:00")
    rows.episode("A-midnight", innDatoTid="2025-01-02T00:00", utDatoTid="2025-01-02T00:40")
    for number, minute in ((1, "00"), (2, "07"), (3, "50")):
        rows.episode(f"A-twice-{number}", pasientID="twice", innDatoTid=f"2025-01-03T10:{minute}",
                     utDatoTid=f"2025-01-03T11:{minute}")  # fmt: skip
    for number, patient in enumerate(("one", "one", "other"), 1):
        day = min(number, 2)
        rows.episode(f"A-two-ids-{number}", pasientID=patient, fodselsar="1966", innDatoTid=f"2025-04-0{day}T13:05",
                     utDatoTid=f"2025-04-0{day}T13:35")  # fmt: skip
    for number, patient in enumerate(("one", "other"), 1):
        rows.stay(f"A-two-ids-stay-{number}", "2025-03-04T08:10", "2025-03-06T12:20", fodselsar="1961",
                  pasientID=f"stay-{patient}")  # fmt: skip
        rows.stay(f"A-two-ids-later-{number}", f"2025-03-04T0{6 + number}:10", "2025-03-06T14:20", fodselsar="1962",
                  pasientID=f"later-{patient}")  # fmt: skip
        # Twins.
        rows.stay(f"A-twin-both-{number}", "2025-03-04T08:10", "2025-03-06T16:20", fodselsar="2025", drg="391",
                  pasientID=f"twin-both-{patient}")  # fmt: skip
        rows.stay(f"A-twin-{number}", f"2025-03-04T0{6 + number}:10", "2025-03-06T15:20", fodselsar="2025", hdg="15",
                  drg="391", pasientID=f"twin-{patient}")  # fmt: skip
    rows.episode("A-no-surgery", drg="6O")
    rows.episode("A-no-end", utDatoTid="")
    rows.episode("A-last-year", innDatoTid="2024-02-02T10:00", utDatoTid="2024-02-02T11:00")
    rows.stay("A-turn-1", "2024-02-01T10:00", "2024-02-05T24:00", pasientID="turn")
    rows.stay("A-turn-2", "2025-02-06T01:00", "2025-02-09T10:00", pasientID="turn")
    rows.episode("A-category", hdg="5")
    rows.episode("A-elsewhere", institusjonID=f"{FIRST}J")
    rows.episode("A-grown-up", drg="26")
    rows.episode("A-inpatient-group", drg="6", procedures=("K:ACC51",))
    for name, hf in (("A-also-here", FIRST), ("A-also-once", FIRST), ("B-also-there", SECOND)):
        rows.episode(name, hf, pasientID="also", innDatoTid="2025-03-07T10:10", utDatoTid="2025-03-07T10:50")
    rows.line("A-line-atc", atc="L04ABO1")
    rows.line("A-line-old", utleveringsdato="2024-12-30")
    rows.line("A-line-twice-1", pasientID="line")
    rows.line("A-line-twice-2", pasientID="line")
    rows.line("A-line-twice-3", pasientID="line")
    rows.line("A-line-two", refusjonsKodeResept="L40.0", refusjonsKodeUtlevering="M05.9")
    rows.line("A-line-none", refusjonsKodeResept="")
    rows.line("A-line-form", refusjonsKodeResept="UKJENT")
    rows.line("A-line-komnr", komNrHjem="")
    rows.line("A-line-komnr?", komNrHjem="03x01", belop="gratis")


def rows_of(faults: bool = True) -> Rows:
    """A delivery with clean rows of two hospitals, and the faults if asked for."""
    rows = Rows(FIRST)
    rows.unit(f"U{FIRST}", FIRST, SCRIPT)
    rows.unit(f"U{SECOND}", SECOND, "Hemmelig avdeling")
    for hf, letter in ((FIRST, "A"), (SECOND, "B")):
        for number in range(12):
            # A line is no row where a field holds line ends.
            lines = "to\nlinjer" if number % 5 == 0 else ""
            rows.episode(f"{letter}-good-{number}", hf, procedures=("WPBA00",), npkOppholdID=lines)
        rows.stay(f"{letter}-good-stay", "2025-02-01T10:00", "2025-02-04T10:00", hf=hf)
        for number in range(3):
            rows.line(f"{letter}-good-line-{number}", hf)
    if faults:
        rows.unit("U-no-mark", FIRST, "Uten merke", isf="")
        rows.unit("B-mark?", SECOND, "Uleselig merke", isf="ja")
        _faults(rows)
    return rows


def settled(parent: Path, rows: Rows | None = None, name: str = "2025-T1-2") -> Path:
    """A home in which the delivery is settled; its path. The delivery's name is the warehouse's."""
    if rows is None and name == NAME:
        return copy_of("quality settled", lambda folder: _settle(folder, rows_of(), name), parent) / "home"
    return _settle(parent, rows or rows_of(), name)


def clean(parent: Path) -> Path:
    """The home of the same delivery without the faults, settled."""
    return copy_of("quality clean", lambda folder: _settle(folder, rows_of(faults=False), NAME), parent) / "home"


def measured(parent: Path) -> Path:
    """The same home with the results of the quality checks."""
    return (
        copy_of("quality measured", lambda folder: measure.measure(settled(folder), NAME, threads=1), parent) / "home"
    )


def _settle(parent: Path, rows: Rows, name: str) -> Path:
    folder = write(parent / "inn", rows.tables, name=name, manifest=manifest_of(name))
    home = parent / "home"
    settle.settle(folder, home, accept_quarantine=True, threads=1)
    return home
