"""The workbook: a front sheet and a sheet per table, typed cells, nothing that Excel would run."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from pipelines.publication import xlsx
from pipelines.publication.tables import TABLES
from pipelines.settlement.publish import publish
from tests.unit.publishing import run, warehouse

NASTY = {"983974724": '=HYPERLINK("http://x","y")', "983974678": "https://example.org"}


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return publish(warehouse(names=NASTY), tmp_path_factory.mktemp("home"), run=run()).path


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path / "oppgjor.xlsx")


def test_a_sheet_per_table_except_the_ledger(book):
    assert book.sheetnames == ["Forside", *(spec.name for spec in TABLES if not spec.personal)]


@pytest.mark.parametrize("spec", [s for s in TABLES if not s.personal], ids=lambda s: s.name)
def test_every_sheet_is_frozen_filtered_and_has_the_contracts_columns(book, spec):
    sheet = book[spec.name]
    assert [cell.value for cell in sheet[1]] == list(spec.columns)
    assert sheet.freeze_panes == f"{'ABCDEF'[len(spec.key)]}2"
    assert sheet.auto_filter.ref.startswith("A1:")


def test_numbers_are_numbers_and_organisation_numbers_are_text(book):
    sheet = book["oppgjor_rhf"]
    column = {cell.value: cell.column for cell in sheet[1]}
    number = sheet.cell(2, column["rhf_orgnr"])
    assert number.value == "883658752" and number.number_format == "@"
    for name, wanted in [
        ("isf_poeng", "#,##0.000"),
        ("refusjon_kr", "#,##0.00"),
        ("antall_opphold", "#,##0"),
        ("isf_andel", "0.00%"),
    ]:
        cell = sheet.cell(2, column[name])
        assert cell.data_type == "n" and cell.number_format == wanted


def test_values_are_those_of_the_csv(book, path):
    sheet = book["oppgjor_hf"]
    lines = (path / "oppgjor_hf.csv").read_text("utf-8-sig").splitlines()
    shown = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert len(shown) == len(lines) - 1
    for line, row in zip(lines[1:], shown, strict=True):
        refund = Decimal(line.rsplit(";", 1)[1].replace(",", "."))
        assert Decimal(str(row[-1])) == refund


def test_text_from_the_input_never_becomes_a_formula_or_a_link(book):
    names = {cell.value: cell for cell in book["oppgjor_hf"]["C"]}
    for text in NASTY.values():
        assert names[text].data_type == "s" and names[text].hyperlink is None


def test_suppressed_cells_are_empty(book):
    hidden = [row for row in book["gjestepasienter"].iter_rows(min_row=2, values_only=True) if row[3] is None]
    assert hidden and all(row[3:] == (None, None, None) and all(row[:3]) for row in hidden)


def test_the_front_sheet_says_what_the_settlement_is_made_from(book):
    text = "\n".join(str(v) for row in book["Forside"].iter_rows(values_only=True) for v in row if v is not None)
    for part in [
        "ISF-oppgjør 2025-T1-2",
        "c" * 64,
        "a" * 64,
        "hovedepisodens DRG",
        "7.18 stay_gap_minutes",
        "Sum for",
    ]:
        assert part in text
    assert "UTKAST" not in text and "accept-quarantine" not in text


def test_drafts_and_accepted_quarantine_are_marked(tmp_path):
    facts = run(
        ruleset={"id": "2026-draft", "status": "draft", "sha256": "e" * 64},
        options={"drg_source": "npk", "accept_quarantine": True},
    )
    path = publish(warehouse(status="draft"), tmp_path, run=facts).path
    sheet = openpyxl.load_workbook(path / "oppgjor.xlsx")["Forside"]
    text = "\n".join(str(cell) for cell in next(sheet.iter_cols(max_col=1, values_only=True)) if cell)
    assert text.startswith("UTKAST – ISF-oppgjør") and "UTKAST: regelsettet" in text and "--accept-quarantine" in text


@pytest.mark.parametrize("text, is_cut", [("x" * 32_767, False), ("x" * 32_768, True), ("𝛼" * 16_384, True)])
def test_a_text_that_no_cell_can_hold_is_shortened_with_a_mark_and_listed(tmp_path, text, is_cut):
    book = xlsx.Book(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("Ark")
    sheet.write_string(2, 1, text)
    book.close()
    found = openpyxl.load_workbook(tmp_path / "a.xlsx")
    value = found["Ark"]["B3"].value
    assert (value != text) == is_cut and value.endswith("[forkortet]") == is_cut
    listed = [tuple(cell.value for cell in row) for row in found[xlsx.LIST].iter_rows(min_row=2)] if is_cut else []
    assert listed == ([("Ark", "B3", len(text))] if is_cut else [])
    assert found.sheetnames == (["Ark", xlsx.LIST] if is_cut else ["Ark"])
