"""The workbook: the settlement as formulas first, a sheet per table behind; no text becomes a formula."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest

from pipelines.engine import models
from pipelines.publication import columns, workbook, xlsx
from pipelines.publication.norwegian import rounded
from pipelines.publication.tables import PUBLIC, Rows
from pipelines.settlement.publish import publish
from tests import labels
from tests.unit.publishing import run, warehouse

NASTY = {"983974724": '=HYPERLINK("http://x","y")', "983974678": "https://example.org"}


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return publish(warehouse(names=NASTY), tmp_path_factory.mktemp("home"), run=run()).path


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path / "oppgjor.xlsx")


def sheet_of(spec) -> str:
    return spec.model.header.get("sheet", spec.title)


def behind(book, name: str):
    """The sheet of a published table: field name → column letter, by the notes of the headings."""
    (spec,) = (spec for spec in PUBLIC if spec.name == name)
    sheet = book[sheet_of(spec)]
    notes = {cell.comment.text.split("\n")[0]: cell.column_letter for cell in sheet[3]}
    return sheet, {column: notes[f"Felt i filene: {column}"] for column in spec.columns}


def test_forst_oppgjoret_sa_innhold_og_bak_et_ark_per_tabell_men_ikke_hovedboka(book):
    assert book.sheetnames == ["Oppgjør", "Innhold", "Per foretak", "Om oppgjøret", *map(sheet_of, PUBLIC)]
    assert all(len(name) <= 31 for name in book.sheetnames)
    linked = {cell.hyperlink.location for row in book["Innhold"].iter_rows(min_row=5, max_col=1) for cell in row}
    assert linked == {f"'{name}'!A1" for name in book.sheetnames if name != "Innhold"}
    for name in book.sheetnames:
        links = [cell.hyperlink.location for row in book[name]["A1:A3"] for cell in row if cell.hyperlink]
        assert links == ([] if name == "Innhold" else ["'Innhold'!A1"])


@pytest.mark.parametrize("spec", PUBLIC, ids=lambda s: s.name)
def test_hver_tabell_er_en_excel_tabell_med_norske_overskrifter_og_feltnavnet_som_merknad(book, spec):
    sheet, letters = behind(book, spec.name)
    assert all(columns.is_named(column, spec.model) for column in spec.columns)
    (table,) = sheet.tables.values()
    assert table.name == spec.name and table.autoFilter.ref == table.ref
    assert [sheet[f"{letters[column]}3"].value for column in spec.columns] == [
        columns.heading(column, spec.model) for column in spec.columns
    ]
    assert sheet.freeze_panes == f"{'ABCDEF'[len(spec.key)]}4"


def test_tall_er_tall_og_organisasjonsnummer_er_tekst_med_navnet_ved_siden(book):
    sheet, letters = behind(book, "oppgjor_rhf")
    number = sheet[f"{letters['rhf_orgnr']}4"]
    assert number.value == "883658752" and number.number_format == "@"
    for name, wanted in [
        ("isf_poeng", "#,##0.000"),
        ("refusjon_kr", "#,##0.00"),
        ("antall_opphold", "#,##0"),
        ("isf_andel", "0.00%"),
    ]:
        cell = sheet[f"{letters[name]}4"]
        assert cell.data_type == "n" and cell.number_format == wanted
    sheet, letters = behind(book, "gjestepasienter")
    names = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=4, max_col=2)}
    assert names["993467049"] == "Oslo universitetssykehus HF" and sheet["B3"].value == "HF"


def test_verdiene_er_dem_i_csv_filen_siffer_for_siffer(path):
    lines = (path / "oppgjor_hf.csv").read_text("utf-8-sig").splitlines()
    wanted = [line.rsplit(";", 1)[1].replace(",", ".") for line in lines[1:]]
    with zipfile.ZipFile(path / "oppgjor.xlsx") as archive:
        sheets = [archive.read(f"xl/worksheets/sheet{number}.xml").decode() for number in range(1, 7)]
    assert [re.findall(r"<c r=\"M\d+\" s=\"\d+\"><v>([^<]*)</v>", sheet) for sheet in sheets][-1] == wanted


def test_tekst_fra_inndata_blir_aldri_formel_eller_lenke(book):
    for name in ("Per foretak", "Oppgjør per HF"):
        cells = [cell for row in book[name].iter_rows() for cell in row if cell.value in NASTY.values()]
        assert {cell.value for cell in cells} == set(NASTY.values())
        assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)


def test_skjulte_celler_er_tomme(book):
    sheet, letters = behind(book, "gjestepasienter")
    hides = [letters[name] for name in ("antall_opphold", "isf_poeng", "refusjon_kr")]
    rows = range(4, sheet.max_row + 1)
    hidden = [
        [sheet[f"{letter}{row}"].value for letter in hides] for row in rows if sheet[f"{hides[0]}{row}"].value is None
    ]
    assert hidden and all(row == [None, None, None] for row in hidden)
    assert all(sheet[f"{letters['hf_orgnr']}{row}"].value for row in rows)


def rows_of(sheet, first: int = 1):
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first)]


def test_refusjonen_er_poeng_ganger_pris_ganger_andel_og_stemmer_pa_oren(book, path):
    counted = openpyxl.load_workbook(path / "oppgjor.xlsx", data_only=True)
    published = {
        (row["rhf_orgnr"], row["refusjon_kr"], row["saldo_kr"])
        for row in pyarrow.parquet.read_table(path / "oppgjor_rhf.parquet").to_pylist()
        if row["antall_opphold"]
    }
    found = set()
    for name in ("Oppgjør", "Per foretak"):
        sheet, values = book[name], counted[name]
        prices = book["Oppgjør"]
        for row in range(1, sheet.max_row + 1):
            formula = sheet.cell(row, 7).value
            match = re.fullmatch(
                r"=ROUND\(F(\d+)\*(?:'Oppgjør'!)?\$C\$(\d+)\*(?:'Oppgjør'!)?\$C\$(\d+),2\)", str(formula)
            )
            if not match:
                continue
            assert int(match[1]) == row
            points = Decimal(str(values.cell(row, 6).value))
            price, share = (Decimal(str(prices[f"C{match[place]}"].value)) for place in (2, 3))
            refund = Decimal(str(values.cell(row, 7).value)).quantize(Decimal("0.01"))
            assert rounded(points * price * share, 2) == refund
            if name == "Oppgjør" and sheet.cell(row, 2).value:
                balance = Decimal(str(values.cell(row, 9).value)).quantize(Decimal("0.01"))
                found.add((sheet.cell(row, 2).value, refund, balance))
    assert found == published


def test_summen_for_landet_er_avrundet_en_gang_og_kontrollen_gir_null(book, path):
    counted = openpyxl.load_workbook(path / "oppgjor.xlsx", data_only=True)["Oppgjør"]
    rows = rows_of(counted)
    nation = next(row for row in rows if row[0] == "Sum")
    settled = pyarrow.parquet.read_table(path / "oppgjor_rhf.parquet").to_pylist()
    exact = sum(row["isf_poeng"] * row["enhetspris"] * row["isf_andel"] for row in settled)
    assert Decimal(str(nation[6])).quantize(Decimal("0.01")) == rounded(exact, 2)
    assert nation[5] is None  # points of two sectors have no sum
    control = next(row for row in rows_of(book["Oppgjør"]) if str(row[0]).startswith("Kontroll"))
    assert re.fullmatch(r"=ROUND\(SUM\(G\d+:G\d+,G\d+:G\d+\)-SUM\('Oppgjør per RHF'!N4:N11\),2\)", control[6])
    assert book["Oppgjør per RHF"]["N3"].value == "Refusjon, kr"


@pytest.mark.parametrize(
    "terms, exact, holds",
    [
        ([("1.000", "54412.00", "0.3000")], "16323.60", True),
        ([("1.005", "1.00", "1.0000")], "1.01", False),  # half an øre: doubles may fall on either side
        ([("1.004", "1.00", "1.0000")], "1.00", True),
        ([("1.004", "1.00", "1.0000")], "1.01", False),
        ([("999999999.999", "54412.00", "0.3000")], "16323599999983.68", False),  # more digits than a double has
    ],
)
def test_en_formel_skrives_bare_der_flyttall_ikke_kan_gi_en_annen_ore(terms, exact, holds):
    assert workbook.formula_holds([tuple(map(Decimal, term)) for term in terms], Decimal(exact)) is holds


def test_belop_som_formelen_kunne_bomme_pa_star_som_tall_med_merknad(tmp_path):
    book = workbook.Workbook(tmp_path / "a.xlsx", "A", "B", date(2025, 4, 30))
    sheet, _ = book.front("Ark", "Hva")
    workbook.amount(sheet, 9, 0, "=1.005", [(Decimal("1.005"),)], book.style(), Decimal("1.01"))
    book.close()
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["Ark"]["A10"]
    assert cell.value == 1.01 and "tall" in cell.comment.text


def test_summer_pa_det_forste_arket_er_formler_over_tabellen_bak_med_svaret_i_seg(tmp_path):
    model = models.model_in("avregning", "oppgjor_ar")
    names, kinds = ("rhf", "sektor", "saldo_kr"), ("VARCHAR", "VARCHAR", "DECIMAL(18,2)")
    amounts = [('Helse "A" *', "SOM", "1.25"), ('Helse "A" *', "PHVTSB", "2.50"), ('Helse "A" Nord', "SOM", "4.00")]
    rows = [(name, sector, Decimal(nok)) for name, sector, nok in amounts]
    table = workbook.of_model(model, Rows(list(names), list(kinds), [False, False, True], rows))
    book = workbook.Workbook(tmp_path / "a.xlsx", "A", "B", date(2025, 4, 30))
    sheet, _ = book.front("Svar", "Svaret")

    def of(value: str, **where: str) -> workbook.Sum:
        return workbook.Sum(Decimal(value), "oppgjor_ar", "saldo_kr", where)

    facts = [
        ("Alt", of("7.75")),
        ("En", of("3.75", rhf='Helse "A" *')),
        ("En sektor", of("1.25", rhf='Helse "A" *', sektor="Somatikk")),
        ("En annen enn tabellen gir", of("3.76", rhf='Helse "A" *')),
        ("En tabell som ikke er med", workbook.Sum(5, "andre", "antall", places=0)),
    ]
    book.facts(sheet, 10, facts, [table])
    book.table(table)
    book.close()
    found, counted = (
        openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=data_only)["Svar"] for data_only in (False, True)
    )
    cells, behind = "'Årsoppgjør per RHF'!C4:C6", "'Årsoppgjør per RHF'!"
    one = f'{behind}A4:A6,"=Helse ""A"" ~*"'
    assert [found[f"B{row}"].value for row in range(11, 16)] == [
        f"=ROUND(SUM({cells}),2)",
        f"=ROUND(SUMIFS({cells},{one}),2)",
        f'=ROUND(SUMIFS({cells},{one},{behind}B4:B6,"=Somatikk"),2)',
        3.76,
        5,
    ]
    assert [counted[f"B{row}"].value for row in range(11, 16)] == [7.75, 3.75, 1.25, 3.76, 5]
    assert "viste tallene gir noe annet" in found["B14"].comment.text


def test_arket_om_oppgjoret_sier_hva_det_er_laget_av(book):
    text = "\n".join(str(v) for row in book["Om oppgjøret"].iter_rows(values_only=True) for v in row if v is not None)
    for part in ["2025-T1-2", "c" * 64, "a" * 64, "hovedepisodens DRG", "Opphold henger sammen.", "minutter"]:
        assert part in text
    assert "stay_gap_minutes" not in text  # the name in the rule set is a note
    front = "\n".join(str(cell) for cell in next(book["Oppgjør"].iter_cols(max_col=1, values_only=True)) if cell)
    assert "ISF-oppgjør 2025-T1-2" in front and "UTKAST" not in front and "accept-quarantine" not in front


def test_ingen_interne_navn_star_som_ledetekst_i_arbeidsboka_eller_pa_siden(path):
    assert labels.of_workbook(path / "oppgjor.xlsx") == set()
    assert labels.of_page((path / "oppgjor.html").read_text(encoding="utf-8")) == set()
    assert labels.of_page("<p>drg_source <code>drg_base</code></p>") == {"drg_source"}


def test_drafts_and_accepted_quarantine_are_marked(tmp_path):
    facts = run(
        ruleset={"id": "2026-draft", "status": "draft", "sha256": "e" * 64},
        options={"drg_source": "npk", "accept_quarantine": True},
    )
    path = publish(warehouse(status="draft"), tmp_path, run=facts).path
    sheet = openpyxl.load_workbook(path / "oppgjor.xlsx")["Oppgjør"]
    text = "\n".join(str(cell) for cell in next(sheet.iter_cols(max_col=1, values_only=True)) if cell)
    assert text.startswith("UTKAST – ISF-oppgjør") and "UTKAST: regelsettet" in text and "--accept-quarantine" in text


@pytest.mark.parametrize("text, is_cut", [("x" * 32_767, False), ("x" * 32_768, True), ("𝛼" * 16_384, True)])
def test_a_text_that_no_cell_can_hold_is_shortened_with_a_mark_and_listed(tmp_path, text, is_cut):
    book = xlsx.Book(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet("Ark")
    sheet.write_string(2, 1, text)
    book.close()
    found = openpyxl.load_workbook(tmp_path / "a.xlsx")
    value = found["Ark"]["B3"].value
    assert (value != text) == is_cut and value.endswith("[forkortet]") == is_cut
    listed = [tuple(cell.value for cell in row) for row in found[xlsx.LIST].iter_rows(min_row=2)] if is_cut else []
    assert listed == ([("Ark", "B3", len(text))] if is_cut else [])
    assert found.sheetnames == (["Ark", xlsx.LIST] if is_cut else ["Ark"])


def test_et_produkt_av_andre_kolonner_er_en_formel_og_det_som_kan_summeres_har_en_sumrad(tmp_path):
    model = models.model_in("avregning", "oppgjor_ar")
    names = ("rhf_orgnr", "isf_poeng", "enhetspris", "isf_andel", "refusjon_kr")
    kinds = ("VARCHAR", "DECIMAL(18,3)", "DECIMAL(18,2)", "DECIMAL(9,4)", "DECIMAL(18,2)")
    points = [Decimal("1.782"), Decimal("10.001")]
    rows = [
        ("883658752", value, Decimal("54412.00"), Decimal("0.3000"), rounded(value * Decimal("16323.6"), 2))
        for value in points
    ]
    table = Rows(list(names), list(kinds), [kind != "VARCHAR" for kind in kinds], rows)
    book = workbook.Workbook(tmp_path / "a.xlsx", "A", "B", date(2025, 4, 30))
    book.front("Svar", "Svaret")
    book.table(workbook.of_model(model, table, names={"883658752": "Helse Nord RHF"}))
    book.close()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Årsoppgjør per RHF"]
    assert [cell.value for cell in sheet[4]] == [
        "883658752", "Helse Nord RHF", 1.782, 54412, 0.3, "=ROUND(C4*D4*E4,2)",
    ]  # fmt: skip
    assert sheet["F6"].value == "=SUBTOTAL(109,F4:F5)" and sheet["A6"].value == "Sum"
    counted = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)["Årsoppgjør per RHF"]
    assert [counted[f"F{row}"].value for row in (4, 5, 6)] == [29088.66, 163252.32, 192340.98]
