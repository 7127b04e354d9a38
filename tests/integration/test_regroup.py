"""Oppholdene gruppert på nytt i oppgjøret og i rapporten, slik kommandoene gir det."""

import csv
import json

import pytest

from pipelines.engine.workspace import connect, rows
from pipelines.grouper import sets
from pipelines.regroup import view
from tests.command import isf
from tests.deliveries import ENHET, EPISODE, HELSEPERSON, PROSEDYRE, TILSTAND, row, write
from tests.unit.grouper_example import EXAMPLE

HF = "993467049"
N1 = {"npkOppholdID": "n1", "npkOppholdDRG": "14A", "npkOppholdISFPoeng": "1.782"}
N4 = {"npkOppholdID": "n4", "npkOppholdDRG": "12", "npkOppholdISFPoeng": "1.165"}
# id, start og slutt, DRG som er levert, hovedtilstand, prosedyre, endringer
EPISODES = [
    ("E1", "03-03", "03-05", "14B", "QD2", None, {**N1}),
    ("E2", "03-05", "03-07", "17", "QC1", None, {**N1}),
    ("E3", "03-03", "03-03", "901O", "QA1", None, {"pasientID": "P2", "episodetype": "K"}),
    ("E4", "03-03", "03-05", "14B", "QD2", None, {"pasientID": "P3", **N4}),
    ("E5", "03-03", "03-03", "901O", "QA1", None, {"pasientID": "P4", "episodetype": "K", "fodselsar": "2025"}),
    ("E6", "03-03", "03-05", "12", "Z768", "ZAA7", {"pasientID": "P5"}),
    ("E7", "03-03", "03-03", "901O", "QA19", None, {"pasientID": "P6", "episodetype": "K"}),
    ("E8", "03-03", "03-05", "17", "QB2", None, {"pasientID": "P7", "kjonn": "9", "fodselsar": ""}),
]


def delivery(parent):
    tables = {"episode": [], "tilstand": [], "prosedyre": [], "helseperson": []}
    for id, start, end, drg, condition, procedure, changes in EPISODES:
        given = {"episodetype": "A", "kjonn": "1", **dict.fromkeys(N1, ""), **changes}
        fixed = {"hf": HF, "drg": drg, "innDatoTid": f"2025-{start}", "utDatoTid": f"2025-{end}"}
        tables["episode"].append(row(EPISODE, episodeID=id, **fixed, **given))
        tables["tilstand"].append(row(TILSTAND, episodeID=id, kode=condition))
        tables["helseperson"].append(row(HELSEPERSON, episodeID=id))
        if procedure:
            tables["prosedyre"].append(row(PROSEDYRE, episodeID=id, kode=procedure))
    return write(parent, {**tables, "enhet": [row(ENHET, hf=HF)]}, name="2025-T1-1")


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """Home and delivery; settled as usual, then grouped anew by tables of the year, then by tables of another."""
    parent = tmp_path_factory.mktemp("regroup")
    folder, home = delivery(parent), parent / "home"
    sets.import_set(EXAMPLE, home, year=2025, id="example")
    sets.import_set(EXAMPLE, home, year=2017, id="older")
    usual = isf("settle", folder, home=home)
    assert usual.returncode == 0, usual.stderr
    report = isf("group", "--delivery", folder.name, "--tables", "example", home=home)
    assert report.returncode == 0, report.stderr
    reconciled = isf("reconcile", folder.name, "--tables", "example", home=home)
    assert reconciled.returncode == 0, reconciled.stderr
    anew = isf("settle", folder, "--drg-source", "grouped:example", home=home)
    assert anew.returncode == 0, anew.stderr
    other = isf("settle", folder, "--drg-source", "grouped:older", home=home)
    return home, folder, {"usual": usual, "report": report, "anew": anew, "other": other}


def table(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def unit_table(path) -> list[dict[str, str]]:
    """A table of single stays, which is Parquet only; values as in a CSV."""
    assert not path.with_suffix(".csv").exists()
    with connect() as con:
        found = rows(con, f"select * from '{path}.parquet'")
    return [{name: "" if value is None else str(value) for name, value in one.items()} for one in found]


def test_points_of_the_grouped_stays_are_published(settled):
    home, _, _ = settled
    tables = [table(home / "published" / f"2025-T1-1{revision}" / "oppgjor_hf.csv") for revision in ("", "-r2")]
    points = [row["isf_poeng"] for rows in tables for row in rows if (row["hf_orgnr"], row["sektor"]) == (HF, "SOM")]
    # Three stays move: E1, with E2 as complication, from 14B to 14A, E5 from 901O to 389C, and E7 from 901O to 470.
    assert points == ["3,123", "6,318"]
    options = json.loads((home / "published" / "2025-T1-1-r2" / "manifest.json").read_text())["options"]
    assert options["definitions"] == "example" and options["definitions_year"] == 2025
    assert options["definitions_sha256"] == sets.opened_set(home, "example").sha256


def test_tables_of_another_year_are_computed_and_reported_and_not_published(settled):
    home, _, runs = settled
    assert runs["other"].returncode == 3
    assert "Tabellene er for 2017" in runs["other"].stdout
    assert "til sammenligning" in runs["other"].stdout
    assert sorted(path.name for path in (home / "published").iterdir()) == ["2025-T1-1", "2025-T1-1-r2"]
    assert (home / "regroupings" / "2025-T1-1-older" / view.PAGE).exists()


def test_the_report_has_those_that_move_and_those_that_stay_with_reasons(settled):
    home, _, runs = settled
    folder = home / "regroupings" / "2025-T1-1-example"
    stays = {one["opphold_id"]: one for one in unit_table(folder / "omgruppering_opphold")}
    drgs = ("levert_drg", "gruppert_drg", "brukt_drg", "arsak")
    assert {id: tuple(one[name] for name in drgs) for id, one in stays.items()} == {
        "E1": ("14B", "14A", "14A", "merged"),
        "E3": ("901O", "901O", "901O", "same"),
        "E4": ("14B", "X33", "14B", "not_in_list"),
        "E5": ("901O", "389C", "389C", "birthday"),
        "E6": ("474", "470", "474", "outside_isf"),
        "E7": ("901O", "470", "470", "return_code"),
        "E8": ("17", "", "17", "not_grouped"),
    }
    (trust,) = table(folder / "omgruppering_hf.csv")
    assert (trust["antall_opphold"], trust["antall_flyttet"]) == ("7", "3")
    assert sum(int(one["antall_opphold"]) for one in table(folder / "omgruppering.csv")) == 7
    causes = {one["arsak"]: one for one in table(folder / "omgruppering_arsak.csv")}
    assert (causes["merged"]["enig_med_npk"], causes["merged"]["levert_er_npk"]) == ("1", "0")
    assert causes["not_grouped"]["detalj"] == "age_unknown"
    assert "sammenslått av flere episoder" in runs["report"].stdout


def test_a_drg_that_npk_has_and_grouping_anew_gives_is_explained_by_it(settled):
    home, folder, _ = settled
    stays = unit_table(home / "reconciliations" / folder.name / "avstemming_opphold")
    differing = {one["enhet_id"]: one["detalj"] for one in stays if one["arsak"] == "annen_drg"}
    assert differing == {"E1": "gruppert_pa_nytt", "E4": "ukjent"}
    # Of the delivery as settled by those tables, which is not the one that counts; or never grouped by them.
    for tables, told in (("older", "as it is settled now"), ("none", "was not grouped anew")):
        run = isf("reconcile", folder.name, "--tables", tables, home=home)
        assert run.returncode == 2 and told in run.stderr


def test_findings_of_the_grouping(settled):
    home, _, _ = settled
    found = {
        one["funn"]: one["antall_opphold"]
        for one in table(home / "regroupings" / "2025-T1-1-example" / "omgruppering_funn.csv")
    }
    assert found["age_unknown"] == "1"
    assert found["age_from_birth_year"] == "1"
    assert found.keys() <= view.FINDING.keys()


def test_the_report_is_the_same_whether_the_stays_were_settled_so_or_not(settled):
    home, folder, _ = settled
    again = isf("group", "--delivery", folder.name, "--tables", "example", home=home)
    assert again.returncode == 0
    first, *later = sorted((home / "regroupings").glob("2025-T1-1-example*"))
    assert later
    for name in ("omgruppering.csv", "omgruppering_opphold.parquet"):
        assert {(path / name).read_bytes() for path in later} == {(first / name).read_bytes()}


def test_a_stay_is_explained_as_grouped_anew(settled):
    home, _, _ = settled
    assert "(oppholdet gruppert på nytt)" in isf("explain", "E1", home=home).stdout


def test_delivered_and_npk_drg_are_kept_beside_the_grouped(settled):
    home, folder, _ = settled
    with connect(home / "warehouse" / f"{folder.name}.duckdb", read_only=True) as con:
        (kept,) = con.execute(
            """
            select stay.drg, stay.is_grouped_drg, stay_drg.drg, stay_drg.ord, episode.drg, episode.npkOppholdDRG
            from stay
            inner join regrouped.stay_drg as stay_drg on stay_drg.unit_nr = stay.stay_nr
            inner join landing.episode as episode on episode.episode_nr = stay.main_episode_nr
            where stay.stay_id = 'E1'
            """
        ).fetchall()
    assert kept == ("14A", True, "14A", "F010", "14B", "14A")


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--drg-source", "grouped:none"], 2, "There is no definition set none"),
        (["--drg-source", "other"], 2, "'other' is not known"),
        (["--group-episodes"], 2, "Use --group-episodes with grouped:ID"),
    ],
    ids=["no set", "no source", "no stays"],
)
def test_what_is_asked_for_wrongly_is_told_before_anything_is_read(options, code, told, settled):
    home, folder, _ = settled
    run = isf("settle", folder, *options, home=home)
    assert run.returncode == code
    assert told in run.stderr


def test_a_delivery_that_is_not_settled_is_refused(settled):
    home, _, _ = settled
    assert isf("group", "--delivery", "2024-T1-1", "--tables", "example", home=home).returncode == 2
