"""`simulering.xlsx`: the answer, the directorate's tables as numbers with formulas, and a sheet per table."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from xlsxwriter.utility import xl_rowcol_to_cell as cell

from pipelines.publication import words as labels
from pipelines.publication.audience import DIRECTORATE
from pipelines.publication.columns import CODES
from pipelines.publication.norwegian import rounded
from pipelines.publication.tables import Rows
from pipelines.publication.workbook import COUNT, HEAD_ROW, INK, SHARE, Sum, Table, Workbook, of_model
from pipelines.simulate import assumptions as texts
from pipelines.simulate import layout, report
from pipelines.simulate.compare import table_model

# A row per trust and group before and after: for programs, in Parquet and CSV.
TOO_LONG = ("migrering",)
HEADS = ("Poeng før", "Poeng etter", "Endring, poeng", "Endring, %", "Endring, kr")
_BEFORE, _AFTER, _CHANGE, _PERCENT, _NOK = range(4, 9)


def write(scenario, tables: dict[str, Rows], path: Path) -> None:
    """Write the workbook. The same scenario gives the same bytes."""
    created = scenario.activity.con.execute("select period_to from wh.landing.delivery").fetchone()[0]
    book = Workbook(path, f"Omfordelingseffekter {scenario.id}", DIRECTORATE.line, created)
    names = _names(tables)
    rules = {rule: name for one in scenario.comparisons for rule, name in report.rule_names(one).items()}
    # The column of the alternative stands before the key.
    sheets = [
        of_model(table_model(name), rows, names=names, beside={"regel": ("Regel", rules.get)}, more_keys=1)
        for name, rows in tables.items()
        if name not in TOO_LONG
    ]
    _front(book, scenario, sheets)
    for title, name, order in (("Sørge for", "endring_rhf", layout.by_name), ("Foretak", "endring_hf", layout.by_size)):
        _directorate(book, scenario, title, name, order)
    for sheet in sheets:
        book.table(sheet)
    book.close()


def _names(tables: Mapping[str, Rows]) -> dict[str | None, str]:
    """Organisation number → name."""
    pairs = (("endring_hf", "hf_orgnr", "hf"), ("endring_rhf", "bosted_rhf_orgnr", "bosted_rhf"))
    return {row[number]: row[name] for table, number, name in pairs for row in tables[table].dicts()}


def _directorate(book: Workbook, scenario, title: str, name: str, order) -> None:
    """The directorate's tables as numbers: unrounded in the cell, shown with the decimals of the page."""
    sheet = book.sheet(title, f"Poeng og kroner før og etter: {title.lower()}")
    heads = ("Alternativ", "Mål", "Sektor", title, *HEADS)
    for column, text in enumerate(heads):
        sheet.write_string(HEAD_ROW, column, text, book.head())
    at = HEAD_ROW
    for comparison in scenario.comparisons:
        for measure in report.measures(comparison):
            for sector in report.sectors(comparison):
                rows = report.rows_of(comparison, name, measure, sector)
                labelled = (comparison.alternative.id, report.TITLES[measure], labels.SECTOR[sector])
                at = _block(book, sheet, at, labelled, rows, order)
    sheet.set_column(0, 2, 22)
    sheet.set_column(3, 3, 46)
    sheet.set_column(4, 8, 15)
    sheet.freeze_panes(HEAD_ROW + 1, 4)
    sheet.autofilter(HEAD_ROW, 0, max(HEAD_ROW + 1, at), len(heads) - 1)
    sheet.repeat_rows(HEAD_ROW)


def _block(book: Workbook, sheet, at: int, labelled: tuple, rows: list[dict], order) -> int:
    """The lines of one alternative, measure and sector below row `at`, and their sum; the last row written."""
    units = order((report.unit_name(r), r["poeng_utgangspunkt"], r["poeng_alternativ"], r["endring_kr"]) for r in rows)
    places = layout.decimals(unit[2] - unit[1] for unit in units)
    points_form = COUNT + ("." + "0" * places if places else "")
    first = at + 1
    for name, before, after, nok in units:
        at += 1
        for column, label in enumerate((*labelled, name)):
            sheet.write_string(at, column, label, book.style(font_color=INK))
        for column, value in ((_BEFORE, before), (_AFTER, after)):
            sheet.write_number(at, column, value, book.style(num_format=points_form))
        _change(book, sheet, at, before, after, points_form, bold=False)
        sheet.write_number(at, _NOK, nok, book.style(num_format=COUNT))
    at += 1
    for column, label in enumerate((*labelled, layout.TOTAL)):
        sheet.write_string(at, column, label, book.style(bold=True))
    sums = [sum((unit[place] for unit in units), Decimal(0)) for place in (1, 2, 3)]
    for column, value, form in zip((_BEFORE, _AFTER, _NOK), sums, (points_form, points_form, COUNT), strict=True):
        formula = f"=SUM({cell(first, column)}:{cell(at - 1, column)})" if units else "=0"
        sheet.write_formula(at, column, formula, book.style(num_format=form, bold=True), value)
    _change(book, sheet, at, sums[0], sums[1], points_form, bold=True)
    return at


def _change(book: Workbook, sheet, at: int, before: Decimal, after: Decimal, form: str, bold: bool) -> None:
    """The change in points and per cent, as formulas of the two columns before them."""
    weight = {"bold": True} if bold else {}
    difference = f"={cell(at, _AFTER)}-{cell(at, _BEFORE)}"
    sheet.write_formula(at, _CHANGE, difference, book.style(num_format=form, **weight), after - before)
    if before:
        share = (after - before) / before
        part = f"={cell(at, _CHANGE)}/{cell(at, _BEFORE)}"
        sheet.write_formula(at, _PERCENT, part, book.style(num_format=SHARE, **weight), share)


def _front(book: Workbook, scenario, sheets: list[Table]) -> None:
    sheet, row = book.front("Forside", "Hva scenarioet er og hviler på", title="Omfordelingseffekter")
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 110)
    facts: list[tuple[str, object]] = [
        ("Scenario", scenario.id),
        ("Gjenskap med", scenario.command),
        ("Leveranse", scenario.activity.delivery),
    ]
    facts += [
        (f"Regelsett {'utgangspunkt' if n == 0 else n}", f"{r['id']} ({_status(r)}), SHA-256 {r['sha256']}")
        for n, r in enumerate(scenario.facts["rulesets"])
    ]
    facts += [fact for comparison in scenario.comparisons for fact in _sums(comparison)]
    facts += [("Forutsetning", text) for comparison in scenario.comparisons for text in _assumptions(comparison)]
    book.facts(sheet, row, facts, sheets)


def _sums(comparison) -> list[tuple[str, Sum]]:
    """The change of the country per measure and sector, as sums of the table per region."""
    name, found = comparison.alternative.id, []
    for measure in report.measures(comparison):
        for sector in report.sectors(comparison):
            where = {"alternativ": name, "maal": CODES["maal"][measure], "sektor": CODES["sektor"][sector]}
            title = f"{name}, {report.TITLES[measure].lower()}, {labels.SECTOR[sector]}"
            for row in report.rows_of(comparison, "hovedtall", measure, sector):
                for column, unit, places in (("endring", "poeng", 3), ("endring_kr", "kr", 2)):
                    total = Sum(rounded(row[column], places), "endring_rhf", column, where, places)
                    found.append((f"{title}: endring, {unit}", total))
    return found


def _status(rules: dict) -> str:
    return {"final": "endelig", "draft": "utkast"}.get(rules["status"], rules["status"])


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
