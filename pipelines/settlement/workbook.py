"""`oppgjor.xlsx`: the settlement to read, with the refund as formulas, and a sheet per published table behind. The same
settlement gives the same bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from pipelines.publication import norwegian, workbook
from pipelines.publication import words as labels
from pipelines.publication.audience import PUBLIC as EVERYBODY
from pipelines.publication.tables import PUBLIC, Rows, table
from pipelines.publication.workbook import COUNT, INK, MONEY, POINTS, SHARE, Workbook, amount
from pipelines.publication.xlsx import Sheet
from pipelines.settlement import view_settlement
from pipelines.settlement.context import Context
from pipelines.settlement.totals import rates, total

SETTLEMENT, TRUSTS, ABOUT = "Oppgjør", "Per foretak", "Om oppgjøret"
_STEP = {
    "episode": "Episoder",
    "resept": "H-resept",
    "opphold": "Opphold",
    "sertjeneste": "Særtjenester",
    "forlop": "Tjenesteforløp",
    "balanse": "Kontroll av at alt er med",
}
_NAME, _NUMBER, _POINTS, _REFUND, _PAID, _BALANCE = 0, 1, 5, 6, 7, 8
_COUNTS = {2: "antall_opphold", 3: "antall_sertjenester", 4: "antall_forlop"}
_HEADS = (
    "Org.nr",
    "Opphold",
    "Særtjenester",
    "Tjenesteforløp",
    "ISF-poeng",
    "Refusjon, kr",
    "À konto, kr",
    "Saldo, kr",
)


@dataclass(frozen=True)
class _Rate:
    """Where a sector's unit price and share stand on the sheet `Oppgjør`, and what they are."""

    price_cell: str
    share_cell: str
    price: Decimal
    share: Decimal

    def factors(self, points: Decimal) -> tuple[Decimal, ...]:
        return points, self.price, self.share

    def refund(self, points: str, sheet: str = "") -> str:
        """The refund of the points in a cell, before it is rounded."""
        return f"{points}*{sheet}{self.price_cell}*{sheet}{self.share_cell}"


def write(context: Context, path: Path) -> None:
    """Writes the workbook."""
    # A date of the settlement, not of the clock: the file's own "created".
    book = Workbook(path, _title(context), EVERYBODY.line, context.period[1])
    found = _settlement(book, context)
    _trusts(book, context, found)
    _about(book, context)
    for one in _tables(context):
        book.table(one)
    book.close()


def _title(context: Context) -> str:
    mark = "UTKAST – " if context.is_draft else ""
    return f"{mark}ISF-oppgjør {context.made_from['delivery']}"


class _Page:
    """A sheet of settlement rows: counts and points as numbers, money as formulas of the sector's rate."""

    def __init__(self, book: Workbook, sheet: Sheet, prefix: str = "") -> None:
        """`prefix`: of cells on the sheet that holds the rates, where that is another."""
        self.book, self.sheet, self.prefix = book, sheet, prefix
        sheet.set_column(_NAME, _NAME, 46)
        sheet.set_column(_NUMBER, _NUMBER, 12)
        sheet.set_column(2, _POINTS, 15)
        sheet.set_column(_REFUND, _BALANCE, 20)

    def style(self, form: str = "General", bold: bool = False) -> Format:
        """The look of a cell; bold ones are sums and have a line above."""
        return self.book.style(num_format=form, font_color=INK, **({"bold": True, "top": 1} if bold else {}))

    def title(self, row: int, text: str) -> None:
        self.sheet.write_string(row, _NAME, text, self.book.style(bold=True, font_size=14, font_color=INK))

    def head(self, row: int, first: str, *, paid: bool = True) -> None:
        """The headings of a block; `paid`: with advances and balance."""
        for column, text in enumerate((first, *(_HEADS if paid else _HEADS[:-2]))):
            self.sheet.write_string(row, column, text, self.book.head())

    def rate(self, row: int, price: Decimal, share: Decimal) -> _Rate:
        """Unit price and share in two rows."""
        for at, (text, value, form) in enumerate(
            (("Enhetspris, kr per ISF-poeng", price, MONEY), ("Andel som dekkes av ISF", share, SHARE)), row
        ):
            self.sheet.write_string(at, _NAME, text, self.style())
            self.sheet.write_number(at, 2, value, self.style(form))
        return _Rate(_fixed(row, 2), _fixed(row + 1, 2), price, share)

    def line(self, row: int, name: str, number: str | None, line: dict, rate: _Rate) -> None:
        """A row of the settlement."""
        self.sheet.write_string(row, _NAME, name, self.style())
        self.sheet.write_string(row, _NUMBER, number or "", self.style("@"))
        for column, field in _COUNTS.items():
            self.sheet.write_number(row, column, line[field], self.style(COUNT))
        self.sheet.write_number(row, _POINTS, line["isf_poeng"], self.style(POINTS))
        self.refund(row, line, rate)
        if "akonto_kr" in line:
            self.sheet.write_number(row, _PAID, line["akonto_kr"], self.style(MONEY))
            self.balance(row, line)

    def sum(self, row: int, name: str, sums: dict, rate: _Rate, first: int) -> None:
        """The sum of the rows from `first` to the one above. The money is that of the summed points (§3.11)."""
        self.sheet.write_string(row, _NAME, name, self.style(bold=True))
        self.sheet.write_blank(row, _NUMBER, None, self.style(bold=True))
        for column, field in _COUNTS.items():
            self._added(row, column, first, sums[field], COUNT)
        self._added(row, _POINTS, first, sums["isf_poeng"], POINTS)
        self.refund(row, sums, rate, bold=True)
        if "akonto_kr" in sums:
            self._added(row, _PAID, first, sums["akonto_kr"], MONEY)
            self.balance(row, sums, bold=True)

    def _added(self, row: int, column: int, first: int, value: Decimal | int, form: str) -> None:
        cells = f"{_cell(first, column)}:{_cell(row - 1, column)}"
        self.sheet.write_formula(row, column, f"=SUM({cells})", self.style(form, bold=True), value)

    def refund(self, row: int, line: dict, rate: _Rate, bold: bool = False) -> None:
        """Points × price × share, rounded to øre."""
        formula = f"=ROUND({rate.refund(_cell(row, _POINTS), self.prefix)},2)"
        terms = [rate.factors(line["isf_poeng"])]
        amount(self.sheet, row, _REFUND, formula, terms, self.style(MONEY, bold), line["refusjon_kr"])

    def balance(self, row: int, line: dict, bold: bool = False) -> None:
        """Refund less advances."""
        formula = f"=ROUND({_cell(row, _REFUND)}-{_cell(row, _PAID)},2)"
        terms = [(line["refusjon_kr"],), (-line["akonto_kr"],)]
        amount(self.sheet, row, _BALANCE, formula, terms, self.style(MONEY, bold), line["saldo_kr"])


def _settlement(book: Workbook, context: Context) -> dict[str, _Rate]:
    """What is paid, per RHF: a table per sector, the sum of both above; the sectors' rates."""
    sheet, row = book.front(SETTLEMENT, "Refusjonen per RHF, med summer og formler", warnings=_warnings(context))
    page = _Page(book, sheet)
    parts = [part for part in view_settlement.regions(context) if part["rows"]]
    top, row = row, row + len(parts) + 3
    found, sums, refunds = {}, {}, []
    for part in parts:
        page.title(row, labels.sector(part["sector"]))
        rate = page.rate(row + 1, part["price"], part["share"])
        page.head(row + 3, "RHF der pasienten bor")
        first = row = row + 4
        for line in part["rows"]:
            page.line(row, line["name"], line["rhf_orgnr"], line, rate)
            row += 1
        page.sum(row, "Sum", part["total"], rate, first)
        found[part["sector"]], sums[part["sector"]] = rate, row
        refunds.append(f"{_cell(first, _REFUND)}:{_cell(row - 1, _REFUND)}")
        row += 2
    _nation(page, top, context, found, sums)
    if refunds:
        _control(page, row, context, refunds)
    return found


def _nation(page: _Page, row: int, context: Context, found: dict[str, _Rate], sums: dict[str, int]) -> None:
    """The sum of each sector, and of the country, rounded once. Points of two sectors are not comparable, and counts of
    both say little: only money has a sum."""
    page.head(row, "Sum for landet")
    told = view_settlement.headline(context)
    fields = {**_COUNTS, _POINTS: "isf_poeng", _REFUND: "refusjon_kr", _PAID: "akonto_kr", _BALANCE: "saldo_kr"}
    for sector, at in sums.items():
        row += 1
        page.sheet.write_string(row, _NAME, labels.sector(sector), page.style())
        for column, field in fields.items():
            form = COUNT if column in _COUNTS else POINTS if column == _POINTS else MONEY
            value = told["by_sector"][sector][field]
            page.sheet.write_formula(row, column, f"={_cell(at, column)}", page.style(form), value)
    if not sums:
        return
    row += 1
    for column in range(_BALANCE):
        page.sheet.write_blank(row, column, None, page.style(bold=True))
    page.sheet.write_string(row, _NAME, "Sum", page.style(bold=True))
    refund = "+".join(found[sector].refund(_cell(at, _POINTS)) for sector, at in sums.items())
    terms = [found[sector].factors(told["by_sector"][sector]["isf_poeng"]) for sector in sums]
    money = page.style(MONEY, bold=True)
    amount(page.sheet, row, _REFUND, f"=ROUND({refund},2)", terms, money, told["total"]["refusjon_kr"])
    paid = "+".join(_cell(at, _PAID) for at in sums.values())
    page.sheet.write_formula(row, _PAID, f"={paid}", money, told["total"]["akonto_kr"])
    page.balance(row, told["total"], bold=True)


def _control(page: _Page, row: int, context: Context, refunds: list[str]) -> None:
    """What the formulas give less what is published: 0."""
    published = workbook.range_of(_table(context, "oppgjor_rhf"), "refusjon_kr")
    page.sheet.write_string(row, _NAME, "Kontroll: formlene minus de publiserte beløpene", page.style())
    formula = f"=ROUND(SUM({','.join(refunds)})-SUM({published}),2)"
    page.sheet.write_formula(row, _REFUND, formula, page.style(MONEY), 0)


def _trusts(book: Workbook, context: Context, found: dict[str, _Rate]) -> None:
    """What the points of each trust correspond to, by owner."""
    sheet, row = book.front(TRUSTS, "Poeng og refusjon per behandlende HF, etter eier", title="Per behandlende HF")
    page = _Page(book, sheet, f"'{SETTLEMENT}'!")
    rate_of = rates(context.tables["oppgjor_rhf"].dicts())
    for part in view_settlement.trusts(context)["tables"]:
        rate = found[part["sector"]]
        page.title(row, labels.sector(part["sector"]))
        row += 1
        sums = []
        for group in part["groups"]:
            page.head(row, group["name"], paid=False)
            first = row = row + 1
            for line in group["rows"]:
                page.line(row, line["name"], line["hf_orgnr"], line, rate)
                row += 1
            page.sum(row, f"Sum {group['name']}", total(group["rows"], rate_of), rate, first)
            sums.append(row)
            row += 2
        row = _reconciled(page, row, part, rate, sums) + 2


def _reconciled(page: _Page, row: int, part: dict, rate: _Rate, sums: list[int]) -> int:
    """The trusts' sum, the deduction that belongs to no trust, and the regions' sum; the last row."""
    below, above = row, row + 2
    for at, name in enumerate(("Sum foretakene", "Trekk for kompleks rehabilitering (§7.2.1)", "Sum RHF-ene"), row):
        page.sheet.write_string(at, _NAME, name, page.style(bold=True))
        for column in range(_NUMBER, _POINTS):
            page.sheet.write_blank(at, column, None, page.style(bold=True))
    points, money = page.style(POINTS, bold=True), page.style(MONEY, bold=True)
    added = "+".join(_cell(at, _POINTS) for at in sums)
    page.sheet.write_formula(below, _POINTS, f"={added}", points, part["total"]["isf_poeng"])
    page.refund(below, part["total"], rate, bold=True)
    page.sheet.write_number(below + 1, _POINTS, part["deduction"], points)
    difference = f"=ROUND({_cell(above, _REFUND)}-{_cell(below, _REFUND)},2)"
    page.sheet.write_formula(below + 1, _REFUND, difference, money, part["deduction_kr"])
    whole = f"={_cell(below, _POINTS)}+{_cell(below + 1, _POINTS)}"
    page.sheet.write_formula(above, _POINTS, whole, points, part["regions"]["isf_poeng"])
    page.refund(above, part["regions"], rate, bold=True)
    return above


def _cell(row: int, column: int) -> str:
    return f"{xl_col_to_name(column)}{row + 1}"


def _fixed(row: int, column: int) -> str:
    return f"${xl_col_to_name(column)}${row + 1}"


def _about(book: Workbook, context: Context) -> None:
    """What the settlement is made from, and what the rule set had to choose."""
    sheet, row = book.front(ABOUT, "Leveranse, regelsett, program og forutsetninger", title=ABOUT)
    for column, width in enumerate((44, 100, 12, 16, 28)):
        sheet.set_column(column, column, width)
    row = book.facts(sheet, row, _facts(context)) + 1
    for column, text in enumerate(("Gjelder", "Forutsetning", "Paragraf", "Verdi", "Enhet")):
        sheet.write_string(row, column, text, book.head())
    wrap = book.style(font_color=INK, text_wrap=True, valign="top")
    for entry in context.assumptions:
        row += 1
        unit = labels.PARAMETER_UNIT.get(entry["unit"] or "", entry["unit"])
        value, unit = ("", "") if entry["is_method"] else (entry["value"], unit)
        for column, text in enumerate(
            (entry["title"] or entry["rule"], entry["text_no"], f"§{entry['paragraph']}", value, unit)
        ):
            sheet.write_string(row, column, text or "", wrap)
        sheet.write_comment(row, 0, f"I regelsettet: {entry['rule']}, {entry['parameter']} = {entry['value']}")


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
    program = made_from["program"].items()
    facts += [(f"Program: {labels.PROGRAM.get(name, name)}", str(value)) for name, value in program]
    facts += [(f"Inndata: {e['file']} ({e['format']})", f"SHA-256 {e['sha256']}") for e in made_from["inputs"]]
    return facts


def _tables(context: Context) -> Iterable[workbook.Table]:
    """The published tables, and the change from the delivery before."""
    for spec in PUBLIC:
        yield _table(context, spec.name)
    if context.previous:
        title = f"Endring fra {context.previous.delivery}"
        yield workbook.Table("mot_forrige", title, title, context.previous.changes, keys=4)


def _table(context: Context, name: str) -> workbook.Table:
    """A published table with words for codes and names for numbers."""
    names = {row["hf_orgnr"]: row["hf"] for row in context.tables["oppgjor_hf"].dicts()}
    names |= {row["rhf_orgnr"]: row["rhf"] for row in context.tables["oppgjor_rhf"].dicts()}
    rules = {rule["regel"]: f"§{rule['paragraph']} {rule['title']}" for rule in context.rules}
    rows = context.tables[name]
    shown = _in_words(rows, context) if name == "grunnlag" else rows
    return workbook.of_model(table(name).model, shown, names=names, beside={"regel": ("Regel", rules.get)})


def _in_words(rows: Rows, context: Context) -> Rows:
    """The basis with steps and reasons in words; the rows stand as in the CSV, where the codes are."""
    step, reason = rows.columns.index("steg"), rows.columns.index("arsak")
    found = []
    for row in rows.rows:
        cells = list(row)
        cells[step], cells[reason] = _step(row[step]), _reason(row[step], row[reason], context)
        found.append(tuple(cells))
    return Rows(rows.columns, rows.types, rows.numeric, found)


def _step(step: str) -> str:
    kind, _, file = step.partition(":")
    return f"Fil: {labels.FILE.get(file, file)}" if kind == "fil" else _STEP.get(step, step)


def _reason(step: str, reason: str, context: Context) -> str:
    known = {
        "episode": labels.REASON,
        "resept": labels.REASON,
        "opphold": labels.STAY,
        "sertjeneste": labels.SERVICE,
        "forlop": context.pathway_names,
    }.get(step, {})
    if reason in known:
        return known[reason].title
    if reason.startswith("karantene: "):
        return f"karantene: {labels.quarantine(reason.removeprefix('karantene: '))}"
    return labels.MEMBER.get(reason, reason)
