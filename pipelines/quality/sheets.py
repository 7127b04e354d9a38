"""`kvalitet.xlsx` and `funn.csv` of a hospital: the same findings as its page, with every row."""

import re
from pathlib import Path

from xlsxwriter.format import Format

from pipelines.publication import csvfile
from pipelines.publication.audience import HOSPITAL
from pipelines.publication.columns import FINDING
from pipelines.publication.norwegian import rounded
from pipelines.publication.tables import Rows
from pipelines.publication.workbook import COUNT, HEAD_ROW, INK, MONEY, MOST_LINKS, POINTS, SHARE, STYLE, TEXT, Workbook
from pipelines.publication.xlsx import Sheet
from pipelines.quality import words
from pipelines.quality.pack import COLUMNS, Finding, Pack, line, lines

# What says whose row it is and of which check stands last: a hospital answers in any sheet of the workbook.
_FINDING_COLUMNS = ("tittel", "radtype", "radnokkel", "avdeling", "inntid", "uttid", "henger_sammen_med", "verdi",
                    "foreslatt", "poeng", "poeng_fra", "poeng_til", "kroner", "historikk", "svar", "kommentar",
                    "institusjon", "paragraf", "kontroll", "hf_orgnr", "pakkekode")  # fmt: skip
_WIDTHS = (38, 10, 24, 20, 17, 17, 24, 18, 14, 11, 11, 11, 13, 12, 12, 36, 14, 12, 24, 12, 48)
# The sheets of the checks stand behind, to read: answers are given once, in the sheet of all findings.
_TO_ANSWER = ("tittel", "paragraf", "svar", "kommentar", "kontroll", "hf_orgnr", "pakkekode")
_SHEET_COLUMNS = tuple(name for name in _FINDING_COLUMNS if name not in _TO_ANSWER)
_FORMATS = {"poeng": POINTS, "poeng_fra": POINTS, "poeng_til": POINTS, "kroner": MONEY}
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
    # A date of the delivery, not of the clock.
    title = f"Datakvalitet {pack.hospital['hf_name']} {pack.info['delivery']}"
    book = Workbook(path, title, HOSPITAL.line, pack.info["period_to"])
    names = sheet_names(pack.with_rows)
    _front(book, pack, names)
    _findings(book, pack, names)
    _departments(book, pack)
    for finding in pack.with_rows:
        _check(book, pack, finding, names[finding.check.id])
    book.close()


def sheet_names(findings: list[Finding]) -> dict[str, str]:
    """A sheet's name per check: its number in the catalogue and as much of the title as fits."""
    plain = {f.check.id: re.sub(r"[\[\]:*?/\\]", " ", f.check.title) for f in findings}
    return {f.check.id: f"{f.check.position:02d} {plain[f.check.id]}"[:31].rstrip(" '") for f in findings}


def _front(book: Workbook, pack: Pack, names: dict[str, str]) -> None:
    warnings = [] if pack.info["is_published"] else [words.NOT_PUBLISHED]
    sheet, top = book.front("Sammendrag", "Alle kontroller med rader, poeng og kroner", warnings=warnings)
    head = ("Kontroll", "Ark", "Nivå", "Paragraf", "Status", "På prøve", "Rader", "Av", "Andel",
            "Nye", "Kom tilbake", "Fra før", "Rettet", "Bekreftet",
            "Poeng å hente", "Poeng for mye", "Kroner å hente", "Kroner for mye")  # fmt: skip
    for number, f in enumerate(pack.findings, top + 1):
        for column, text in enumerate((
            f.check.title, names.get(f.check.id, ""), words.TIER[f.check.tier], f"§{f.check.paragraph}",
            words.STATUS[f.status], "ja" if f.check.trial else "",
        )):  # fmt: skip
            if column == 1 and text:
                sheet.write_url(number, column, f"internal:'{text}'!A1", book.link(), text)
            else:
                sheet.write_string(number, column, text, _text(book))
        for column, (name, form) in enumerate((
            ("numerator", COUNT), ("denominator", COUNT), ("share", SHARE), ("new_rows", COUNT),
            ("reappeared_rows", COUNT), ("still_rows", COUNT), ("fixed_rows", COUNT),
            ("confirmed", COUNT), ("points_lost", POINTS), ("points_over", POINTS), ("nok_lost", MONEY),
            ("nok_over", MONEY),
        ), 6):  # fmt: skip
            if f.result[name] is not None:
                sheet.write_number(number, column, f.result[name], book.style(num_format=form))
    _as_table(book, sheet, "Kontroller", top, len(pack.findings), [{"header": text} for text in head])
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 32)
    sheet.set_column(2, len(head) - 1, 14)
    sheet.freeze_panes(top + 1, 1)


def _as_table(book: Workbook, sheet: Sheet, name: str, top: int, rows: int, heads: list[dict]) -> None:
    """What is written below row `top` as an Excel table with filter."""
    heads = [{**head, "header_format": book.head()} for head in heads]
    options = {"name": name, "style": STYLE, "columns": heads}
    sheet.add_table(top, 0, top + max(1, rows), len(heads) - 1, options)


def _text(book: Workbook):
    return book.style(num_format=TEXT, font_color=INK)


def _named(sheet: Sheet, row: int, fields: tuple[str, ...]) -> list[dict]:
    """The headings of these fields, each with the field name in the CSV as its note."""
    for column, name in enumerate(fields):
        sheet.write_comment(row, column, f"Felt i filene: {name}", {"x_scale": 2})
    return [{"header": FINDING[name]} for name in fields]


def _findings(book: Workbook, pack: Pack, names: dict[str, str]) -> None:
    """Every finding in one table, with a list to choose the answer from."""
    found = lines(pack)
    sheet = book.sheet(FINDINGS, "Alle funn, å svare i", len(found))
    first = HEAD_ROW + 1
    columns = _columns(book, _FINDING_COLUMNS)
    (title, place, _, _), *others = columns
    for number, (check, cells) in enumerate(found, first):
        is_linked = check.id in names and number < MOST_LINKS
        if is_linked:
            sheet.write_url(number, title, f"internal:'{names[check.id]}'!A1", book.link(), str(cells[place]))
        _row(sheet, number, cells, others if is_linked else columns)
    _as_table(book, sheet, FINDINGS, HEAD_ROW, len(found), _named(sheet, HEAD_ROW, _FINDING_COLUMNS))
    answer = _FINDING_COLUMNS.index("svar")
    sheet.data_validation(
        first, answer, HEAD_ROW + max(1, len(found)), answer,
        {"validate": "list", "source": list(ANSWERS), "error_title": "Svar", "error_message": "Velg et svar i listen."},
    )  # fmt: skip
    for at, _, form, _ in columns:
        # What is written into an empty cell is text, too.
        sheet.set_column(at, at, _WIDTHS[at], form)
    sheet.freeze_panes(first, 3)


def _columns(book: Workbook, names: tuple[str, ...]) -> list[tuple[int, int, Format, bool]]:
    """Of each of these fields: its column in the sheet, its place in a line, its format, whether it is a number."""
    position = {column: place for place, (column, _, _) in enumerate(COLUMNS)}
    return [
        (at, position[name], book.style(num_format=_FORMATS[name]) if name in _FORMATS else _text(book),
         name in _FORMATS)
        for at, name in enumerate(names)
    ]  # fmt: skip


def _row(sheet: Sheet, number: int, cells: tuple, columns: list[tuple[int, int, Format, bool]]) -> None:
    """A line of findings; what is not told is left empty."""
    for at, place, form, is_number in columns:
        if (value := cells[place]) is not None:
            if is_number:
                sheet.write_number(number, at, value, form)
            else:
                sheet.write_string(number, at, str(value), form)


def _departments(book: Workbook, pack: Pack) -> None:
    head = ("Avdeling", "Navn", "Rader", "Poeng å hente", "Poeng for mye", "Kroner å hente", "Kroner for mye")
    sheet = book.sheet("Avdelinger", "Funn per avdeling", len(pack.departments))
    for number, row in enumerate(pack.departments, HEAD_ROW + 1):
        sheet.write_string(number, 0, row["unit_id"], _text(book))
        sheet.write_string(number, 1, row["unit_name"] or "", _text(book))
        sheet.write_number(number, 2, row["failing_rows"], book.style(num_format=COUNT))
        for column, name in enumerate(("points_lost", "points_over"), 3):
            sheet.write_number(number, column, row[name], book.style(num_format=POINTS))
        for column, name in enumerate(("nok_lost", "nok_over"), 5):
            sheet.write_number(number, column, rounded(row[name], 2), book.style(num_format=MONEY))
    _as_table(book, sheet, "Avdelinger", HEAD_ROW, len(pack.departments), [{"header": text} for text in head])
    sheet.set_column(0, 1, 32)
    sheet.set_column(2, 6, 16)
    sheet.freeze_panes(HEAD_ROW + 1, 1)


def _check(book: Workbook, pack: Pack, finding: Finding, name: str) -> None:
    """A check's sheet: what it means above, its rows below."""
    check = finding.check
    sheet = book.sheet(name, f"{check.title} (§{check.paragraph})", len(finding.rows))
    about = ((check.definition, "Hva"), (check.coder, "Koder"), (check.it, "IT"), (check.points, "Poeng"))
    for number, (text, label) in enumerate(about, HEAD_ROW):
        sheet.write_string(number, 0, label, book.style(font_color=INK, text_wrap=True, valign="top"))
        sheet.write_string(number, 1, text, _text(book))
    top = HEAD_ROW + len(about) + 1
    columns = _columns(book, _SHEET_COLUMNS)
    for number, row in enumerate(finding.rows, top + 1):
        _row(sheet, number, line(pack, finding, row), columns)
    _as_table(book, sheet, check.id, top, len(finding.rows), _named(sheet, top, _SHEET_COLUMNS))
    for column, field in enumerate(_SHEET_COLUMNS):
        sheet.set_column(column, column, _WIDTHS[_FINDING_COLUMNS.index(field)])
    sheet.freeze_panes(top + 1, 2)
