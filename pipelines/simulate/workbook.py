"""`simulering.xlsx`: a front sheet, the directorate's tables as numbers, and a sheet per table."""

from datetime import datetime
from pathlib import Path

from pipelines.publication.audience import DIRECTORATE
from pipelines.publication.tables import Rows
from pipelines.publication.xlsx import Book
from pipelines.settlement import workbook as settlement

TITLES = {
    "endring_rhf": "Endring per RHF der pasienten bor",
    "endring_hf": "Endring per behandlende HF",
    "endring_gjestestrom": "Endring per behandlende HF og RHF der pasienten bor",
    "endring_hdg": "Endring per hoveddiagnosegruppe",
    "endring_gruppe": "Endring per DRG, STG og TFG",
    "endring_regel": "Poeng per regel, før kalibrering",
    "vektendringer": "Basispoeng som er endret",
    "drivere": "De ti gruppene som endrer hvert HF mest",
    "vinnere_tapere": "Vinnere og tapere i bånd",
    "migrering": "Enheter som skifter gruppe",
    "kalibrering": "Kalibreringsfaktorer",
    "intervaller": "Usikkerhet per HF",
}
KEYS = 3


def write(scenario, tables: dict[str, Rows], path: Path) -> None:
    """Write the workbook. The same scenario gives the same bytes."""
    book = Book(str(path), settlement.OPTIONS)
    period_to = scenario.activity.con.execute("select period_to from wh.landing.delivery").fetchone()[0]
    created = datetime(period_to.year, period_to.month, period_to.day)
    book.set_properties({"title": f"Omfordeling {scenario.id}", "created": created})
    _front(book, scenario)
    for name, rows in tables.items():
        settlement.add_table(book, name, TITLES[name], KEYS, rows)
    book.close()


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
    from pipelines.simulate.assumptions import assumptions

    return [f"{comparison.alternative.id}: {text}" for text in assumptions(comparison)]
