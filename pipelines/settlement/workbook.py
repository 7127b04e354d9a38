"""`oppgjor.xlsx`: a front sheet and a sheet per published table. The same settlement gives the same bytes."""

from datetime import datetime
from pathlib import Path

from pipelines.publication import norwegian
from pipelines.publication import words as labels
from pipelines.publication.audience import PUBLIC as EVERYBODY
from pipelines.publication.tables import PUBLIC, Rows
from pipelines.publication.xlsx import Book
from pipelines.settlement.context import Context
from pipelines.settlement.totals import sector_totals

# Nothing in a cell becomes a formula, a link or a number because of how it looks.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_INK, _HEAD, _ALERT = "#1B2733", "#E4EBF1", "#9A3412"


def write(context: Context, path: Path) -> None:
    """Writes the workbook."""
    book = Book(str(path), OPTIONS)
    year, month, day = context.period[1].timetuple()[:3]
    # A date of the settlement, not of the clock: the file's own "created".
    book.set_properties({"title": _title(context), "created": datetime(year, month, day)})
    _front(book, context)
    for spec in PUBLIC:
        add_table(book, spec.name, spec.title, len(spec.key), context.tables[spec.name])
    if context.previous:
        title = f"Endring fra {context.previous.delivery}"
        add_table(book, "mot_forrige", title, 4, context.previous.changes)
    book.close()


def _title(context: Context) -> str:
    mark = "UTKAST – " if context.is_draft else ""
    return f"{mark}ISF-oppgjør {context.made_from['delivery']}"


def _front(book: Book, context: Context) -> None:
    sheet = book.add_worksheet("Forside")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 5, 22)
    plain = book.add_format({"font_color": _INK, "valign": "top"})
    bold = book.add_format({"font_color": _INK, "bold": True, "valign": "top"})
    head = book.add_format({"bold": True, "bg_color": _HEAD, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"font_color": _INK, "text_wrap": True, "valign": "top"})
    alert = book.add_format({"font_color": _ALERT, "bold": True})
    sheet.write_string(0, 0, _title(context), book.add_format({"bold": True, "font_size": 18, "font_color": _INK}))
    sheet.write_string(1, 0, EVERYBODY.line, book.add_format({"font_color": _INK, "italic": True}))
    row = 3
    for warning in _warnings(context):
        sheet.write_string(row, 0, warning, alert)
        row += 1
    for label, value in _facts(context):
        sheet.write_string(row, 0, label, bold)
        sheet.write_string(row, 1, value, plain)
        row += 1
    row = _totals(book, sheet, context, row + 1, head, plain)
    row += 1
    for column, text in enumerate(("Forutsetning", "Paragraf", "Verdi", "Enhet", "Begrunnelse")):
        sheet.write_string(row, column, text, head)
    for entry in context.assumptions:
        row += 1
        name = f"{entry['rule']} {entry['parameter']}"
        values = (name, f"§{entry['paragraph']}", entry["value"], entry["unit"], entry["description"])
        for column, text in enumerate(values):
            if column == 4:
                sheet.merge_range(row, 4, row, 9, "", wrap)
                sheet.set_row(row, 15 * (1 + len(text or "") // 95))
            sheet.write_string(row, column, text or "", wrap)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _warnings(context: Context) -> list[str]:
    texts = []
    if context.is_draft:
        texts.append("UTKAST: regelsettet er ikke endelig. Tallene kan ikke brukes til utbetaling.")
    if context.accepted_quarantine:
        texts.append(
            "Publisert med --accept-quarantine: flere rader i karantene eller uleselige verdier enn grensen er godtatt."
        )
    return texts


def _facts(context: Context) -> list[tuple[str, str]]:
    """Label and value of what the settlement was made from."""
    delivery, made_from = context.delivery, context.made_from
    facts = [
        ("Leveranse", made_from["delivery"]),
        ("Aktivitetsår og tertial", f"{delivery['year']}, {labels.tertial(delivery['tertial'])}"),
        ("Periode", " – ".join(norwegian.date(day) for day in context.period)),
        (
            "Leveransenummer",
            f"{delivery['delivery_number']} ({labels.delivery(delivery['delivery_number'])})",
        ),
        ("Leveransen er produsert", norwegian.date(delivery["produced"])),
        ("Regelsett", f"{made_from['ruleset']['id']} ({'utkast' if context.is_draft else 'endelig'})"),
        ("Regelsettets SHA-256", made_from["ruleset"]["sha256"]),
        ("DRG på oppholdet", labels.drg_source(made_from["options"])),
    ]
    facts += [(f"Program: {name}", str(value)) for name, value in made_from["program"].items()]
    facts += [(f"Inndata: {e['file']} ({e['format']})", f"SHA-256 {e['sha256']}") for e in made_from["inputs"]]
    return facts


def _totals(book, sheet, context: Context, row: int, head, plain) -> int:
    """The totals per sector as numbers; the next free row."""
    money = book.add_format({"num_format": "#,##0.00", "font_color": _INK})
    points = book.add_format({"num_format": "#,##0.000", "font_color": _INK})
    for column, text in enumerate(("Sum for landet", "ISF-poeng", "Refusjon, kr", "À konto, kr", "Saldo, kr")):
        sheet.write_string(row, column, text, head)
    for entry in sector_totals(context.tables["oppgjor_rhf"].dicts()):
        row += 1
        sheet.write_string(row, 0, labels.SECTOR.get(entry["sektor"], "Sum"), plain)
        if entry["isf_poeng"] is not None:
            sheet.write_number(row, 1, entry["isf_poeng"], points)
        for column, name in enumerate(("refusjon_kr", "akonto_kr", "saldo_kr"), 2):
            sheet.write_number(row, column, entry[name], money)
    return row + 1


def _number_format(name: str, kind: str) -> str:
    if name == "isf_andel":
        return "0.00%"
    if kind.endswith(",3)"):
        return "#,##0.000"
    return "#,##0.00" if kind.startswith(("DECIMAL", "DOUBLE")) else "#,##0"


def add_table(book: Book, sheet_name: str, title: str, keys: int, table: Rows) -> None:
    """One sheet: frozen header, filter, number formats, widths that fit; codes stay text."""
    sheet = book.add_worksheet(sheet_name)
    head = book.add_format({"bold": True, "bg_color": _HEAD, "bottom": 1, "valign": "vcenter"})
    formats, widths = [], []
    for column, (name, kind, numeric) in enumerate(zip(table.columns, table.types, table.numeric, strict=True)):
        formats.append(book.add_format({"num_format": _number_format(name, kind) if numeric else "@"}))
        shown = [_shown_width(row[column], kind) for row in table.rows]
        widths.append(min(60, max([len(name) + 4, *shown])))
        sheet.write_string(0, column, name, head)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, formats[column])
    for number, row in enumerate(table.rows, 1):
        for column, value in enumerate(row):
            if value is None:
                continue
            if table.numeric[column]:
                sheet.write_number(number, column, value, formats[column])
            else:
                sheet.write_string(number, column, str(value), formats[column])
    sheet.freeze_panes(1, keys)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{title}&R&P / &N")


def _shown_width(value, kind: str) -> int:
    if value is None or not kind.startswith("DECIMAL"):
        return len(str(value or "")) + 2
    return len(f"{value:,}") + 2
