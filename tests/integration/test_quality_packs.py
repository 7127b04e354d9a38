"""The quality packs: each hospital's own rows only, nothing from data runs, revisions, and the command."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from pipelines.errors import IsfError
from pipelines.publication import manifest
from pipelines.quality import publication
from pipelines.quality.command import run_quality
from pipelines.settlement.verify import verify
from tests.outputs import misplaced
from tests.unit.quality_delivery import EXPECTED, FIRST, FORMULA, SCRIPT, SECOND, measured

DELIVERY = "2025-T1-2"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return measured(tmp_path_factory.mktemp("packs"))


@pytest.fixture(scope="module")
def published(home) -> Path:
    text = run_quality(DELIVERY, home, threads=1)
    assert "Publisert:" in text and "ikke i orden" not in text
    return home / "published" / f"{DELIVERY}-kvalitet"


def read_csv(path: Path) -> list[dict]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


def cells(path: Path) -> set[str]:
    book = openpyxl.load_workbook(path)
    return {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None}


OWN = {key for keys in EXPECTED.values() for key in keys if not key.startswith("B-")}
OTHERS = {key for keys in EXPECTED.values() for key in keys if key.startswith("B-")}


def test_each_hospital_has_its_own_rows_and_no_others(published):
    for hf, own, others in ((FIRST, OWN, OTHERS), (SECOND, OTHERS, OWN)):
        folder = published / hf
        rows = read_csv(folder / "funn.csv")
        keys = {row["radnokkel"].removeprefix("'") for row in rows}
        # A row without its trust is nobody's; the national overview counts it.
        assert keys <= own and len(keys) > len(own) - 3
        assert {row["hf_orgnr"] for row in rows} == {hf}
        page = (folder / "kvalitet.html").read_text(encoding="utf-8")
        found = cells(folder / "kvalitet.xlsx")
        for key in others - {FORMULA}:
            assert not re.search(rf"\b{re.escape(key)}\b(?!-)", page), key
            assert key not in found
    assert "Hemmelig avdeling" not in (published / FIRST / "kvalitet.html").read_text(encoding="utf-8")


def test_the_overview_holds_no_row(published):
    for path in (published / publication.NATIONAL).iterdir():
        text = path.read_text(encoding="utf-8")
        for key in (OWN | OTHERS) - {FORMULA, "U-no-mark"}:
            assert key not in text, (path.name, key)


def test_every_file_is_for_whom_it_says(home, published):
    assert misplaced(home) == []


def test_the_public_overview_holds_no_number(published):
    for row in read_csv(published / publication.NATIONAL / "kontroller.csv"):
        assert not {"teller", "nevner", "andel", "nye"} & row.keys()
    for row in read_csv(published / publication.NATIONAL / "makro.csv"):
        assert row.keys() == {"kontroll", "hf_orgnr", "sektor", "maned", "endret", "avviker"}
    page = (published / publication.NATIONAL / "oversikt.html").read_text(encoding="utf-8")
    assert not re.search(r"<td[^>]*>[^<]*\d", page.split("<main", 1)[1].split('id="utvikling"')[0])


def test_a_script_in_a_department_name_is_text(published):
    page = (published / FIRST / "kvalitet.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    assert page.count("<script>") == 2  # its filter, and the tables
    assert SCRIPT in cells(published / FIRST / "kvalitet.xlsx")


def test_a_formula_in_a_code_is_text(published):
    book = openpyxl.load_workbook(published / FIRST / "kvalitet.xlsx")
    found = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value == FORMULA]
    assert found and all(c.data_type == "s" for c in found)
    for row in read_csv(published / FIRST / "funn.csv"):
        for name in ("radnokkel", "verdi", "avdeling"):
            assert not row[name].startswith(("=", "+", "-", "@"))
    assert any(row["radnokkel"] == "'" + FORMULA for row in read_csv(published / FIRST / "funn.csv"))


def test_names_and_patients_stay_out(published):
    for path in published.rglob("*.csv"):
        assert "pasient" not in path.read_text(encoding="utf-8-sig").splitlines()[0].lower()
    page = (published / FIRST / "kvalitet.html").read_text(encoding="utf-8")
    assert "overlap</" not in page and ">split<" not in page  # the pseudonyms of two patients


def test_the_folder_is_whole_and_only_the_owner_reads_the_packs(published):
    assert manifest.compare(published)[0] == []
    assert (published / FIRST / "funn.csv").stat().st_mode & 0o777 == 0o400
    content = json.loads((published / "manifest.json").read_text(encoding="utf-8"))
    assert content["delivery"] == DELIVERY and content["options"]["compared_with"] == {}


def test_the_settlement_is_not_touched(home, published):
    assert manifest.compare(home / "published" / DELIVERY)[0] == []


def test_the_same_again_is_unchanged_and_an_answer_makes_a_revision(tmp_path, monkeypatch):
    home = measured(tmp_path)
    first = run_quality(DELIVERY, home, threads=1)
    monkeypatch.setattr(publication, "MANY_ROWS", 0)  # packs of two threads are written by processes of their own
    assert "Uendret" in run_quality(DELIVERY, home, threads=2)
    target = home / "published" / f"{DELIVERY}-kvalitet"
    rows = (target / FIRST / "funn.csv").read_text(encoding="utf-8-sig").splitlines()
    place = rows[0].split(";").index("svar")
    answered = [rows[0]]
    for line in rows[1:]:
        fields = line.split(";")
        if line.startswith("municipality_missing;"):
            fields[place] = "bekreftet"
        answered.append(";".join(fields))
    file = tmp_path / "svar.csv"
    file.write_text("\n".join(answered) + "\n", encoding="utf-8")
    text = run_quality(DELIVERY, home, file, threads=1)
    assert "bekreftet 1" in text and f"{DELIVERY}-kvalitet-r2" in text
    assert first.count("Publisert:") == 1
    page = (home / "published" / f"{DELIVERY}-kvalitet-r2" / FIRST / "kvalitet.html").read_text(encoding="utf-8")
    assert "bekreftet 1" in page
    assert manifest.compare(target)[0] == []


def test_an_unknown_delivery_is_told(tmp_path):
    with pytest.raises(IsfError, match="no settled delivery 2025-T9-9"):
        run_quality("2025-T9-9", tmp_path)


def test_the_packs_of_a_delivery_that_is_not_published_are_made_and_say_so(home, tmp_path):
    delivery, other = home.parent / "inn" / DELIVERY, tmp_path / "other"
    text = run_quality(delivery, other, threads=1)
    assert "Ikke publisert" in text and "rader er i karantene" in text
    assert not list((other / "warehouse").iterdir())
    (folder,) = (other / "published").iterdir()
    for place in (f"{FIRST}/kvalitet.html", "nasjonalt/oversikt.html"):
        assert "Ikke publisert" in (folder / place).read_text(encoding="utf-8")
    assert any("Ikke publisert" in cell for cell in cells(folder / FIRST / "kvalitet.xlsx"))
    content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert content["options"]["settlement"] == "not published"
    # The id is enough once it is computed, and the packs of a published settlement do not say so.
    assert "Uendret" in run_quality(DELIVERY, other, threads=1)
    assert "Ikke publisert" not in run_quality(DELIVERY, home, threads=1)


@pytest.mark.parametrize("name", ["../../x", "=cmd", "nasjonalt", "a/b", "", "x" * 50])
def test_a_hospitals_number_is_never_a_path(name):
    assert re.fullmatch(r"hf-[0-9a-f]{12}", publication.folder_name(name))


def test_the_reports_are_verified_by_their_own_manifest(published, tmp_path):
    assert verify(published) == []
    copy = shutil.copytree(published, tmp_path / published.name)
    target = copy / FIRST / "funn.csv"
    target.chmod(0o600)
    target.write_text("x")
    assert verify(copy) == [f"{FIRST}/funn.csv is changed: its hash is not the manifest's"]


def test_all_findings_stand_in_one_table_with_a_list_of_answers(published):
    book = openpyxl.load_workbook(published / FIRST / "kvalitet.xlsx")
    sheet = book["Funn"]
    rows = read_csv(published / FIRST / "funn.csv")
    assert list(sheet.tables) == ["Funn"] and sheet.max_row == len(rows) + 3
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == '"rettet,bekreftet,kan ikke,trukket"'
    head = {cell.comment.text.removeprefix("Felt i filene: "): cell.column - 1 for cell in sheet[3]}
    (resumed,) = [row for row in sheet.iter_rows(min_row=4) if row[head["radnokkel"]].value == "A-again-2"]
    assert resumed[head["henger_sammen_med"]].value == "A-again-1"
    assert resumed[head["inntid"]].value == "2025-02-07 09:00"
    assert resumed[head["tittel"]].hyperlink.location.startswith("'")
    # The sheets behind are to read: a row is answered once.
    for name in book.sheetnames[4:]:
        assert "Svar" not in {cell.value for row in book[name].iter_rows(max_row=9) for cell in row}


def test_the_overview_leads_to_the_packs_and_marks_what_is_on_trial(published):
    page = (published / publication.DIRECTORATE / "oversikt.html").read_text(encoding="utf-8")
    assert f'href="../{FIRST}/kvalitet.html"' in page
    assert page.index('id="niva"') < page.index('id="kart"')
    assert "De tjue verste" in page and "på prøve" in page
