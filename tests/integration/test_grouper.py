"""Kommandoene `isf grouper` og `isf group` slik skript bruker dem."""

import csv
import json

import pytest

from tests.command import isf
from tests.unit.grouper_example import EXAMPLE, example, write_folder


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grouper") / "home"
    run = isf("grouper", "import", EXAMPLE, "--year", 2025, "--id", "example", home=folder)
    assert run.returncode == 0, run.stderr
    assert f"Importert: {folder / 'grouper' / 'example'}" in run.stdout
    return folder


def test_a_file_of_cases_becomes_a_file_of_results(home, tmp_path):
    cases, result = tmp_path / "cases.csv", tmp_path / "result.csv"
    cases.write_text(
        "id;sex;age_days;discharge;duration;diagnoses;procedures\n"
        "b;2;12000;H;3;QB1+QB2 QC2;\na;1;12000;H;0;QA1;ZAA1 ZAA2\nc;;;;;;\n",
        encoding="utf-8",
    )
    run = isf("group", cases, "--tables", "example", "--out", result, home=home)
    assert run.returncode == 0, run.stderr
    assert result.read_bytes().startswith(b"id;drg;ord;rtc;mdc;hdg\n")
    with result.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    assert rows[1:] == [
        ["b", "14B", "F020", "0", "33", "33"],
        ["a", "6O", "C010", "0", "31", "31"],
        ["c", "470", "A010", "1", "", "99"],
    ]
    assert "alder mangler og er regnet som 0: 1" in run.stdout
    assert "QB1" not in run.stdout + run.stderr


def test_one_case_as_json_with_its_reasons(home):
    run = isf("group", "--tables", "example", "--main", "QA1", "--procedure", "ZAA1", "--sex", 1, "--age-days", 9000,
              "--json", home=home)  # fmt: skip
    (case,) = json.loads(run.stdout)["cases"]
    assert (case["ord"], case["drg"], case["hdg"]) == ("C020", "8O", "31")
    assert {"criterion": "procpro1", "value": "31S01"} in case["criteria"]
    assert case["nearest"][0] == {"ord": "C010", "drg": "6O", "criterion": "secproc1", "value": "31S02"}


def test_a_set_with_faults_is_refused_with_exit_code_2(home, tmp_path):
    tables = example()
    tables["drglogic"][0]["dur"], tables["dg"][0]["vartype"] = "~2", "OTHER"
    run = isf("grouper", "import", write_folder(tables, tmp_path / "set"), "--year", 2026, home=home)
    assert run.returncode == 2
    assert "2 problem(s)" in run.stderr and "dur '~2'" in run.stderr and "vartype 'OTHER'" in run.stderr
    assert isf("grouper", "list", home=home).stdout.count("sha256") == 1


def test_what_is_asked_for_wrongly(home, tmp_path):
    assert isf("group", "--tables", "example", home=home).returncode == 2
    assert isf("group", tmp_path / "none.csv", "--tables", "example", home=home).returncode == 2
    assert isf("group", "--tables", "none", "--main", "QA1", home=home).returncode == 2
