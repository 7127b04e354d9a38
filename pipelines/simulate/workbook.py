"""`simulering.xlsx`: a front sheet, the directorate's tables as numbers, and a sheet per table."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

from pipelines.publication import words as labels
from pipelines.publication.audience import DIRECTORATE
from pipelines.publication.tables import Rows
from pipelines.publication.xlsx import Book
from pipelines.settlement import workbook as settlement
from pipelines.simulate import assumptions as texts
from pipelines.simulate import layout, report
from pipelines.simulate.compare import table_model

# A row per trust and group before and after: for programs, in Parquet and CSV.
TOO_LONG = ("migrering",)
KEYS = 3
HEADS = ("Poeng før", "Poeng etter", "Endring", "%-endring", "Endring, kr")


def write(scenario, tables: dict[str, Rows], path: Path) -> None:
    """Write the workbook. The same scenario gives the same bytes."""
    book = Book(str(path), settlement.OPTIONS)
    period_to = scenario.activity.con.execute("select period_to from wh.landing.delivery").fetchone()[0]
    created = datetime(period_to.year, period_to.month, period_to.day)
    book.set_properties({"title": f"Omfordeling {scenario.id}", "created": created})
    _front(book, scenario)
    for title, name, order in (("Sørge for", "endring_rhf", layout.by_name), ("Foretak", "endring_hf", layout.by_size)):
        _directorate(book, scenario, title, name, order)
    for name, rows in tables.items():
        if name not in TOO_LONG:
            title = table_model(name).header["title"]
            settlement.add_table(book, name, title, KEYS, rows)
    book.close()


def _directorate(book: Book, scenario, title: str, name: str, order) -> None:
    """The directorate's tables as numbers: unrounded in the cell, shown with the decimals of the page."""
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    heads = ("Alternativ", "Mål", "Sektor", title, *HEADS)
    for column, text in enumerate(heads):
        sheet.write_string(0, column, text, head)
    at = 0
    for comparison in scenario.comparisons:
        for measure in report.measures(comparison):
            for sector in report.sectors(comparison):
                rows = report.rows_of(comparison, name, measure, sector)
                labelled = (comparison.alternative.id, report.TITLES[measure], labels.SECTOR[sector])
                at = _block(book, sheet, at, labelled, rows, order)
    sheet.set_column(0, 2, 22)
    sheet.set_column(3, 3, 46)
    sheet.set_column(4, 8, 15)
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, max(1, at), len(heads) - 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _block(book: Book, sheet, at: int, labelled: tuple, rows: list[dict], order) -> int:
    """The lines of one alternative, measure and sector below row `at`; the last row written."""
    units = order((report.unit_name(r), r["poeng_utgangspunkt"], r["poeng_alternativ"], r["endring_kr"]) for r in rows)
    total = (layout.TOTAL, *(sum((unit[i] for unit in units), Decimal(0)) for i in (1, 2, 3)))
    places = layout.decimals(unit[2] - unit[1] for unit in units)
    for unit in (*units, total):
        at += 1
        weight = {"bold": unit is total}
        points = book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else ""), **weight})
        percent, nok = (book.add_format({"num_format": kind, **weight}) for kind in ("0.00%", "#,##0"))
        text = book.add_format(weight)
        for column, label in enumerate((*labelled, unit[0])):
            sheet.write_string(at, column, label, text)
        change = unit[2] - unit[1]
        for column, value in enumerate((unit[1], unit[2], change), 4):
            sheet.write_number(at, column, value, points)
        if unit[1]:
            sheet.write_number(at, 7, change / unit[1], percent)
        sheet.write_number(at, 8, unit[3], nok)
    return at


def _front(book: Book, scenario) -> None:
    sheet = book.add_worksheet("Forside")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 110)
    bold = book.add_format({"bold": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, "Omfordelingseffekter", book.add_format({"bold": True, "font_size": 18}))
    sheet.write_string(1, 0, DIRECTORATE.line, book.add_format({"italic": True}))
    facts = [
        ("Scenario", scenario.id),
        ("Gjenskap med", scenario.command),
        ("Leveranse", scenario.activity.delivery),
    ]
    facts += [
        (f"Regelsett {'utgangspunkt' if n == 0 else n}", f"{r['id']} ({r['status']}), SHA-256 {r['sha256']}")
        for n, r in enumerate(scenario.facts["rulesets"])
    ]
    facts += [("Forutsetning", text) for comparison in scenario.comparisons for text in _assumptions(comparison)]
    for row, (label, text) in enumerate(facts, 2):
        sheet.write_string(row, 0, label, bold)
        sheet.write_string(row, 1, text, wrap)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _assumptions(comparison) -> list[str]:
    """The method of each measure, the changes and the assumptions of the alternative."""
    name = comparison.alternative.id
    told = [f"{name}: {text}" for measure in report.measures(comparison) for text in texts.method(comparison, measure)]
    told += [
        f"{name}, endring: {change['title']}{'' if change['enabled'] else ' (ikke med)'}"
        for change in texts.changes(comparison.alternative)
    ]
    return told + [
        f"{name}, § {entry['paragraph']}: {entry['text']}" for entry in texts.of_rules(comparison.alternative)
    ]
