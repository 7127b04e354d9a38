"""`kvalitet.xlsx` and `funn.csv` of a hospital: the same findings as its page, with every row."""

import re
from datetime import datetime
from pathlib import Path

from pipelines.publication import csvfile
from pipelines.publication.audience import HOSPITAL
from pipelines.publication.tables import Rows
from pipelines.publication.xlsx import Book
from pipelines.quality import words
from pipelines.quality.pack import COLUMNS, Finding, Pack, line, lines
from pipelines.settlement.workbook import OPTIONS

_HEAD, _INK, _ALERT, _LINK = "#E4EBF1", "#1B2733", "#9A3412", "#1D4E89"
# What says whose row it is and of which check stands last: a hospital answers in any sheet of the workbook.
_FINDING_COLUMNS = ("tittel", "radtype", "radnokkel", "avdeling", "inntid", "uttid", "henger_sammen_med", "verdi",
                    "foreslatt", "poeng", "poeng_fra", "poeng_til", "kroner", "historikk", "svar", "kommentar",
                    "institusjon", "paragraf", "kontroll", "hf_orgnr", "pakkekode")  # fmt: skip
_WIDTHS = (38, 10, 24, 20, 17, 17, 24, 18, 14, 11, 11, 11, 13, 12, 12, 36, 14, 12, 24, 12, 48)
# The sheets of the checks stand behind, to read: answers are given once, in the sheet of all findings.
_TO_ANSWER = ("tittel", "paragraf", "svar", "kommentar", "kontroll", "hf_orgnr", "pakkekode")
_SHEET_COLUMNS = tuple(name for name in _FINDING_COLUMNS if name not in _TO_ANSWER)
_FORMATS = {"poeng": "#,##0.000", "poeng_fra": "#,##0.000", "poeng_til": "#,##0.000", "kroner": "#,##0.00"}
FINDINGS = "Funn"
ANSWERS = ("rettet", "bekreftet", "kan ikke", "trukket")


def write_csv(pack: Pack, path: Path) -> None:
    """Every failing row, with columns for `svar` and `kommentar`; what looks like a formula is text."""
    names, types, numeric = (list(part) for part in zip(*COLUMNS, strict=True))
    rows = [cells for _, cells in lines(pack)]
    csvfile.write(Rows(names, types, numeric, rows), path)


def write_workbook(pack: Pack, path: Path) -> None:
    """A front sheet, all findings as one table to answer in, the departments, and a sheet per check with rows to read.
    Nothing in a cell becomes a formula."""
    book = Book(str(path), {**OPTIONS, "constant_memory": False})
    last = pack.info["period_to"]
    # A date of the delivery, not of the clock.
    title = f"Datakvalitet {pack.hospital['hf_name']} {pack.info['delivery']}"
    book.set_properties({"title": title, "created": datetime(last.year, last.month, last.day)})
    formats = {
        "head": book.add_format({"bold": True, "bg_color": _HEAD, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@", "font_color": _INK}),
        "wrap": book.add_format({"font_color": _INK, "text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 16, "font_color": _INK}),
        "alert": book.add_format({"bold": True, "font_color": _ALERT}),
        "poeng": book.add_format({"num_format": "#,##0.000"}),
        "kroner": book.add_format({"num_format": "#,##0.00"}),
        "antall": book.add_format({"num_format": "#,##0"}),
        "andel": book.add_format({"num_format": "0.00%"}),
        "poeng_fra": book.add_format({"num_format": "#,##0.000"}),
        "poeng_til": book.add_format({"num_format": "#,##0.000"}),
        "link": book.add_format({"font_color": _LINK, "underline": 1}),
    }
    names = sheet_names(pack.with_rows)
    _front(book, pack, formats, names, title)
    _findings(book, pack, formats, names)
    _departments(book, pack, formats)
    for finding in pack.with_rows:
        _check(book, pack, finding, names[finding.check.id], formats)
    book.close()


def sheet_names(findings: list[Finding]) -> dict[str, str]:
    """A sheet's name per check: its number in the catalogue and as much of the title as fits."""
    plain = {f.check.id: re.sub(r"[\[\]:*?/\\]", " ", f.check.title) for f in findings}
    return {f.check.id: f"{f.check.position:02d} {plain[f.check.id]}"[:31].rstrip(" '") for f in findings}


def _front(book, pack: Pack, formats: dict, names: dict[str, str], title: str) -> None:
    sheet = book.add_worksheet("Sammendrag")
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, title, formats["title"])
    sheet.write_string(1, 0, HOSPITAL.line, formats["text"])
    if not pack.info["is_published"]:
        sheet.write_string(1, 0, f"{words.NOT_PUBLISHED} {HOSPITAL.line}", formats["alert"])
    head = ("Kontroll", "Ark", "Nivå", "Paragraf", "Status", "På prøve", "Rader", "Av", "Andel",
            "Nye", "Kom tilbake", "Fra før", "Rettet", "Bekreftet",
            "Poeng å hente", "Poeng for mye", "Kroner å hente", "Kroner for mye")  # fmt: skip
    for column, text in enumerate(head):
        sheet.write_string(2, column, text, formats["head"])
    for number, f in enumerate(pack.findings, 3):
        result = f.result
        for column, text in enumerate((
            f.check.title, names.get(f.check.id, ""), words.TIER[f.check.tier], f"§{f.check.paragraph}",
            words.STATUS[f.status], "ja" if f.check.trial else "",
        )):  # fmt: skip
            if column == 1 and text:
                sheet.write_url(number, column, f"internal:'{text}'!A1", formats["link"], text)
            else:
                sheet.write_string(number, column, text, formats["text"])
        for column, (name, form) in enumerate((
            ("numerator", "antall"), ("denominator", "antall"), ("share", "andel"), ("new_rows", "antall"),
            ("reappeared_rows", "antall"), ("still_rows", "antall"), ("fixed_rows", "antall"),
            ("confirmed", "antall"), ("points_lost", "poeng"), ("points_over", "poeng"), ("nok_lost", "kroner"),
            ("nok_over", "kroner"),
        ), 6):  # fmt: skip
            if result[name] is not None:
                sheet.write_number(number, column, result[name], formats[form])
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 32)
    sheet.set_column(2, len(head) - 1, 14)
    sheet.freeze_panes(3, 1)
    sheet.autofilter(2, 0, 2 + max(1, len(pack.findings)), len(head) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _findings(book, pack: Pack, formats: dict, names: dict[str, str]) -> None:
    """Every finding in one table, with a list to choose the answer from."""
    sheet = book.add_worksheet(FINDINGS)
    position = {column: place for place, (column, _, _) in enumerate(COLUMNS)}
    found = lines(pack)
    for number, (check, cells) in enumerate(found, 1):
        for column, text in enumerate(_FINDING_COLUMNS):
            value = cells[position[text]]
            if value is None:
                sheet.write_blank(number, column, None, formats["text"])
            elif text in _FORMATS:
                sheet.write_number(number, column, value, formats[text])
            elif text == "tittel" and check.id in names:
                sheet.write_url(number, column, f"internal:'{names[check.id]}'!A1", formats["link"], str(value))
            else:
                sheet.write_string(number, column, str(value), formats["text"])
    sheet.add_table(
        0, 0, max(1, len(found)), len(_FINDING_COLUMNS) - 1,
        {"name": FINDINGS, "style": "Table Style Light 9",
         "columns": [{"header": text, "header_format": formats["head"]} for text in _FINDING_COLUMNS]},
    )  # fmt: skip
    answer = _FINDING_COLUMNS.index("svar")
    sheet.data_validation(
        1, answer, max(1, len(found)), answer,
        {"validate": "list", "source": list(ANSWERS), "error_title": "Svar", "error_message": "Velg et svar i listen."},
    )  # fmt: skip
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _departments(book, pack: Pack, formats: dict) -> None:
    sheet = book.add_worksheet("Avdelinger")
    head = ("Avdeling", "Navn", "Rader", "Poeng å hente", "Poeng for mye", "Kroner å hente", "Kroner for mye")
    for column, text in enumerate(head):
        sheet.write_string(0, column, text, formats["head"])
    for number, row in enumerate(pack.departments, 1):
        sheet.write_string(number, 0, row["unit_id"], formats["text"])
        sheet.write_string(number, 1, row["unit_name"] or "", formats["text"])
        for column, (name, form) in enumerate((
            ("failing_rows", "antall"), ("points_lost", "poeng"), ("points_over", "poeng"), ("nok_lost", "kroner"),
            ("nok_over", "kroner"),
        ), 2):  # fmt: skip
            sheet.write_number(number, column, row[name], formats[form])
    sheet.set_column(0, 1, 32)
    sheet.set_column(2, 6, 16)
    sheet.freeze_panes(1, 1)


def _check(book, pack: Pack, finding: Finding, name: str, formats: dict) -> None:
    """A check's sheet: what it means above, its rows below."""
    sheet = book.add_worksheet(name)
    check = finding.check
    sheet.write_string(0, 0, f"{check.title} (§{check.paragraph})", formats["title"])
    about = ((check.definition, "Hva"), (check.coder, "Koder"), (check.it, "IT"), (check.points, "Poeng"))
    for number, (text, label) in enumerate(about, 1):
        sheet.write_string(number, 0, label, formats["wrap"])
        sheet.write_string(number, 1, text, formats["text"])
    position = {column: place for place, (column, _, _) in enumerate(COLUMNS)}
    for column, text in enumerate(_SHEET_COLUMNS):
        sheet.write_string(6, column, text, formats["head"])
    for number, row in enumerate(finding.rows, 7):
        cells = line(pack, finding, row)
        for column, text in enumerate(_SHEET_COLUMNS):
            value = cells[position[text]]
            if value is None:
                continue
            if text in _FORMATS:
                sheet.write_number(number, column, value, formats[text])
            else:
                sheet.write_string(number, column, str(value), formats["text"])
    for column, text in enumerate(_SHEET_COLUMNS):
        sheet.set_column(column, column, _WIDTHS[_FINDING_COLUMNS.index(text)])
    sheet.freeze_panes(7, 2)
    sheet.autofilter(6, 0, 6 + max(1, len(finding.rows)), len(_SHEET_COLUMNS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
