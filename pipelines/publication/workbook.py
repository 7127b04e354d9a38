"""Workbooks for readers: a summary first, a list of contents with links, and the tables behind.

One way for every workbook. A table is an Excel table with filter, below its title and a link back to the contents.
Headings are Norwegian; the note of a heading is the field name in the Parquet and CSV files, and what the codes of the
column are called there. Beside an organisation number stands the name. Numbers are written with all their decimals;
text stays text. Every date is one of the data: the same content gives the same bytes.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from math import prod
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range, xl_rowcol_to_cell

from pipelines.engine.models import Model
from pipelines.publication import columns
from pipelines.publication.norwegian import rounded
from pipelines.publication.tables import Rows
from pipelines.publication.xlsx import Book, Sheet

INK, HEAD, ALERT, LINK = "#1B2733", "#E4EBF1", "#9A3412", "#1D4E89"
CONTENTS = "Innhold"
BACK = "← Til innholdet"
LONGEST_NAME = 31
MOST_ROWS = 1_048_000  # of a sheet, and some room for what stands above a table
HEAD_ROW = 2  # of a table, counted from 0: title and link stand above it
POINTS, MONEY, COUNT, SHARE, FACTOR = "#,##0.000", "#,##0.00", "#,##0", "0.00%", "0.000000"
PLAIN = "0"
DATE, TEXT = "dd.mm.yyyy", "@"
STYLE = "Table Style Light 9"  # of a table
_WIDEST = 60
MOST_LINKS = 65_000  # of a sheet: beyond some more, a link's text would be left out too
# Doubles, and a spreadsheet's rounding to fifteen digits, are off by at most this part of a product of four numbers and
# a sum of some hundred.
_DOUBLE = Decimal("2e-14")

Words = Mapping[str, Callable[[Any], str | None]]


@dataclass(frozen=True)
class Table:
    """A table to show. `keys`: how many columns stay in view; `words`: column → what a code in it means, shown instead
    of it; `names`: organisation number → name, for columns whose name the table lacks; `beside`: column → heading and
    text of a column that follows it; `adds`: columns that may be summed over all rows, and get a sum."""

    name: str
    sheet: str
    title: str
    rows: Rows
    keys: int = 0
    model: Model | None = None
    words: Words = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, tuple[str, Callable[[Any], str | None]]] = field(default_factory=dict)
    adds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sum:
    """A number of a first sheet that is the sum of a column of one of the workbook's tables. `where`: column → the text
    that its cells show in the rows that are summed, all rows without it; `places`: the decimals of `value`."""

    value: Decimal | int
    table: str
    column: str
    where: Mapping[str, str | None] = field(default_factory=dict)
    places: int = 2


def of_model(model: Model, rows: Rows, *, more_keys: int = 0, **more: Any) -> Table:
    """The table of an SQL file, by its header: `-- title:`, `-- sheet:` (where the title is too long for a sheet),
    `-- key:`, `-- adds:`, `-- product <column>:`. `more_keys`: columns that the rows have before those of the file."""
    title = model.header.get("title", columns.heading(model.name))
    adds = _listed_in(model, "adds")
    keys = more_keys + len(model.header["key"].split(","))
    sheet = model.header.get("sheet", title)[:LONGEST_NAME].rstrip(" '")
    return Table(model.name, sheet, title, rows, keys=keys, model=model, adds=adds, **more)


def _listed_in(model: Model | None, line: str) -> tuple[str, ...]:
    """The columns that a line of the header lists."""
    text = model.header.get(line, "") if model else ""
    return tuple(column.strip() for column in text.split(",") if column.strip())


class Workbook:
    """A workbook while it is written: `front` for each sheet to read, the first before anything else; then `table`;
    then `close`."""

    def __init__(self, path: Path, title: str, audience: str, created: date) -> None:
        self.book = Book(str(path))
        self.book.set_properties({"title": title, "created": datetime(created.year, created.month, created.day)})
        self.title = title
        self.audience = audience
        self._styles: dict[tuple, Format] = {}
        self._listed: list[tuple[str, str, int | None]] = []
        self._contents: Sheet | None = None

    def style(self, **properties: Any) -> Format:
        """The format with these properties; each is made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._styles:
            self._styles[key] = self.book.add_format(properties)
        return self._styles[key]

    def head(self) -> Format:
        """The format of headings."""
        return self.style(bold=True, bg_color=HEAD, bottom=1, text_wrap=True, valign="vcenter", font_color=INK)

    def front(self, name: str, what: str, title: str | None = None, warnings: Iterable[str] = ()) -> tuple[Sheet, int]:
        """A sheet to read, with title, audience and link to the contents; and its next free row."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title or self.title, self.style(bold=True, font_size=18, font_color=INK))
        sheet.write_string(1, 0, self.audience, self.style(italic=True, font_color=INK))
        self._back(sheet, 2)
        row = 4
        for warning in warnings:
            sheet.write_string(row, 0, warning, self.style(font_color=ALERT, bold=True))
            row += 1
        self._listed.append((name, what, None))
        if self._contents is None:
            self._contents = self.book.add_worksheet(CONTENTS)
        _print_setup(sheet)
        return sheet, row

    def sheet(self, name: str, title: str, rows: int | None = None) -> Sheet:
        """A sheet with title and link back in the two rows above `HEAD_ROW`, in the contents."""
        sheet = self.book.add_worksheet(name)
        self._listed.append((name, title, rows))
        sheet.write_string(0, 0, title, self.style(bold=True, font_size=14, font_color=INK))
        self._back(sheet, 1)
        _print_setup(sheet)
        return sheet

    def facts(self, sheet: Sheet, row: int, facts: Iterable[tuple[str, object]], tables: Iterable[Table] = ()) -> int:
        """Label and value below each other, numbers as numbers, sums of `tables` as formulas; the next free row."""
        there = {table.name: table for table in tables}
        bold = self.style(bold=True, valign="top", font_color=INK, text_wrap=True)
        for label, value in facts:
            sheet.write_string(row, 0, label, bold)
            if isinstance(value, Decimal | int):
                sheet.write_number(row, 1, value, self._number(0 if isinstance(value, int) else 2))
            elif isinstance(value, Sum):
                form = self._number(value.places)
                if table := there.get(value.table):
                    formula, terms = _summed(table, value)
                    amount(sheet, row, 1, formula, terms, form, value.value, value.places)
                else:
                    sheet.write_number(row, 1, value.value, form)
            else:
                sheet.write_string(row, 1, str(value), self.style(text_wrap=True, valign="top", font_color=INK))
            row += 1
        return row

    def _number(self, places: int) -> Format:
        """The format of a number beside its label."""
        form = {0: COUNT, 2: MONEY, 3: POINTS}[places]
        return self.style(num_format=form, align="left", valign="top")

    def table(self, table: Table) -> None:
        """A table on a sheet of its own."""
        shown = _readable(table)
        sheet = self.sheet(table.sheet, table.title, len(table.rows.rows))
        formats = [self.style(num_format=column.form) for column in shown]
        last = HEAD_ROW + max(1, len(table.rows.rows))
        for at, (column, form) in enumerate(zip(shown, formats, strict=True)):
            sheet.set_column(at, at, column.width, form)
            sheet.write_comment(HEAD_ROW, at, column.note, {"x_scale": 2})
            for row, value in enumerate(column.values, HEAD_ROW + 1):
                if value is None:
                    continue
                if column.factors:
                    _product(sheet, row, at, shown, column.factors, form)
                elif column.form == DATE:
                    sheet.write_datetime(row, at, datetime(value.year, value.month, value.day), form)
                elif column.form == TEXT:
                    sheet.write_string(row, at, value, form)
                else:
                    sheet.write_number(row, at, value, form)
        summed = bool(table.adds and table.rows.rows)
        definitions = _definitions(shown, formats, summed)
        options = {"name": table.name, "style": STYLE, "columns": definitions, "total_row": summed}
        sheet.add_table(HEAD_ROW, 0, last + summed, len(shown) - 1, options)
        sheet.freeze_panes(HEAD_ROW + 1, table.keys)
        sheet.repeat_rows(HEAD_ROW)
        sheet.set_footer(f"&L{table.title}&R&P / &N")

    def close(self) -> None:
        """Write the contents and the file."""
        assert self._contents is not None
        sheet = self._contents
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, CONTENTS, self.style(bold=True, font_size=18, font_color=INK))
        sheet.write_string(1, 0, self.title, self.style(font_color=INK))
        for column, text in enumerate(("Ark", "Hva det viser", "Rader")):
            sheet.write_string(3, column, text, self.head())
        for row, (name, what, rows) in enumerate(self._listed, 4):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", self.link(), name)
            sheet.write_string(row, 1, what, self.style(font_color=INK))
            if rows is not None:
                sheet.write_number(row, 2, rows, self.style(num_format=COUNT))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 80)
        sheet.set_column(2, 2, 12)
        sheet.freeze_panes(4, 0)
        _print_setup(sheet)
        self.book.close()

    def link(self) -> Format:
        """The format of links."""
        return self.style(font_color=LINK, underline=1)

    def _back(self, sheet: Sheet, row: int) -> None:
        sheet.write_url(row, 0, f"internal:'{CONTENTS}'!A1", self.link(), BACK)


# A text in a formula of Excel's.
_TEXT_IN_FORMULA = re.compile(r'"((?:[^"]|"")*)"')
_LONGEST_TEXT = 255


def amount(
    sheet: Sheet, row: int, column: int, formula: str, terms: Iterable[tuple[Decimal, ...]], form: Format,
    exact: Decimal | int, places: int = 2,
) -> None:  # fmt: skip
    """An amount as a formula that gives exactly `exact`, by default kroner with two decimals.

    `terms`: the factors of each product that the formula sums before it rounds. A spreadsheet counts in doubles: where
    they could round to another øre, the amount is written as a number, with a note that says so.
    """
    factors = [*terms]
    too_long = any(len(text) > _LONGEST_TEXT for text in _TEXT_IN_FORMULA.findall(formula))
    if not too_long and formula_holds(factors, exact, places):
        sheet.write_formula(row, column, formula, form, exact)
        return
    sheet.write_number(row, column, exact, form)
    if too_long:
        sheet.write_comment(row, column, "Skrevet som tall: navnet det summeres for, er lengre enn en formel kan ha.")
    elif rounded(_sum(factors), places) == exact:
        unit = "en annen øre" if places == 2 else "et annet tall"
        sheet.write_comment(row, column, f"Skrevet som tall: regneark kunne her ha avrundet til {unit}.")
    else:
        sheet.write_comment(
            row, column, "Skrevet som tall, avrundet én gang, fra poeng: de viste tallene gir noe annet."
        )


def _product(
    sheet: Sheet, row: int, column: int, shown: Sequence["_Column"], factors: tuple[int, ...], form: Format
) -> None:
    """The amount of a row as the product of other cells of it."""
    formula = "*".join(xl_rowcol_to_cell(row, at) for at in factors)
    values = [tuple(shown[at].values[row - HEAD_ROW - 1] for at in factors)]
    amount(sheet, row, column, f"=ROUND({formula},2)", values, form, shown[column].values[row - HEAD_ROW - 1])


def formula_holds(terms: Iterable[tuple[Decimal, ...]], exact: Decimal | int, places: int = 2) -> bool:
    """Whether the sum of the products, rounded half away from zero, is `exact` also when it is counted in doubles."""
    factors = [*terms]
    total, size = _sum(factors), _sum([tuple(map(abs, each)) for each in factors])
    units = abs(total).scaleb(places)
    from_half = abs(units - int(units) - Decimal("0.5")).scaleb(-places)
    return rounded(total, places) == exact and from_half > size * _DOUBLE


def _sum(terms: Iterable[tuple[Decimal, ...]]) -> Decimal:
    """The sum of the products of these factors."""
    return sum((prod(factors, start=Decimal(1)) for factors in terms), Decimal(0))


@dataclass(frozen=True)
class _Column:
    """A column as it is shown: numbers, dates and text by `form`; `total`: its sum, where it may be summed; `factors`:
    the places of the columns whose product it is."""

    heading: str
    form: str
    values: list[Any]
    note: str
    width: float
    total: Decimal | int | None = None
    factors: tuple[int, ...] = ()


def _readable(table: Table) -> list[_Column]:
    """The table's columns with words for codes, and behind an organisation number the name, where it is known."""
    found = []
    rows = table.rows
    for at, (name, kind, numeric) in enumerate(zip(rows.columns, rows.types, rows.numeric, strict=True)):
        values = [row[at] for row in rows.rows]
        heading = columns.heading(name, table.model)
        note = f"Felt i filene: {name}"
        if numeric:
            total = sum(value for value in values if value is not None) if name in table.adds else None
            factors = tuple(_place(table, factor) for factor in _listed_in(table.model, f"product {name}"))
            found.append(_column(heading, number_format(name, kind), values, note, total, factors))
        elif kind == "DATE":
            found.append(_column(heading, DATE, values, note))
        else:
            codes = columns.CODES.get(name, {})
            texts = _told(table, name, values)
            used = sorted({str(value) for value in values if value is not None} & codes.keys())
            if used and name not in table.words:
                note += "\nKoder der: " + ", ".join(f"{code} = {codes[code]}" for code in used)
            found.append(_column(heading, TEXT, texts, note))
        if beside := _beside(table, name):
            title, meaning = beside
            texts = [meaning(value) for value in values]
            found.append(_column(title, TEXT, texts, f"Hva {name} betyr; ikke i filene"))
    return found


def _told(table: Table, name: str, values: Iterable[Any]) -> list[str | None]:
    """Values of a column of texts as they are shown, with words for codes."""
    codes, say = columns.CODES.get(name, {}), table.words.get(name)
    told = (value if value is None else say(value) if say else codes.get(value, value) for value in values)
    return [None if value is None else _text(value) for value in told]


def _summed(table: Table, wanted: Sum) -> tuple[str, list[tuple[Decimal, ...]]]:
    """The formula of a sum, and what it adds."""
    there = table.rows.columns
    shown = {name: _told(table, name, (row[there.index(name)] for row in table.rows.rows)) for name in wanted.where}
    chosen = (
        row[there.index(wanted.column)]
        for at, row in enumerate(table.rows.rows)
        # As SUMIFS compares: without regard to upper and lower case.
        if all((shown[name][at] or "").casefold() == (text or "").casefold() for name, text in wanted.where.items())
    )
    added = range_of(table, wanted.column)
    tests = "".join(f",{range_of(table, name)},{_criterion(text)}" for name, text in wanted.where.items())
    formula = f"SUMIFS({added}{tests})" if tests else f"SUM({added})"
    return f"=ROUND({formula},{wanted.places})", [(Decimal(value),) for value in chosen if value is not None]


def _criterion(text: str | None) -> str:
    """A cell that says this, and nothing else: no pattern, no comparison; empty cells without it."""
    plain = "".join(f"~{letter}" if letter in "~*?" else letter for letter in text or "")
    return f'"={plain.replace(chr(34), chr(34) * 2)}"'


def _beside(table: Table, name: str) -> tuple[str, Callable[[Any], str | None]] | None:
    """Heading and text of the column that follows this one; none for most."""
    named = name.removesuffix("_orgnr")
    there = table.rows.columns
    # Where there is one region only, its name may stand without saying that it is that of residence.
    has_name = named in there or (named == "bosted_rhf" and "rhf" in there and "rhf_orgnr" not in there)
    if named != name and table.names and not has_name:
        return columns.heading(named, table.model), table.names.get
    return table.beside.get(name)


def _place(table: Table, column: str) -> int:
    """Where a column stands on the sheet, from 0."""
    before = table.rows.columns[: table.rows.columns.index(column)]
    return len(before) + sum(_beside(table, name) is not None for name in before)


def range_of(table: Table, column: str) -> str:
    """The cells of a column, as a formula on another sheet names them."""
    letter = xl_col_to_name(_place(table, column))
    last = HEAD_ROW + 1 + max(1, len(table.rows.rows))
    return f"'{table.sheet}'!{letter}{HEAD_ROW + 2}:{letter}{last}"


def _column(
    heading: str, form: str, values: list, note: str, total: Decimal | int | None = None, factors: tuple[int, ...] = ()
) -> _Column:
    """With a width that fits: longer texts are cut off by the next cell, not by the sheet."""
    shown = max((_length(value) for value in [*values, total] if value is not None), default=0)
    return _Column(heading, form, values, note, min(_WIDEST, max(len(heading) + 4, shown + 2)), total, factors)


def _length(value: Any) -> int:
    return len(f"{value:,}") if isinstance(value, Decimal | int) else len(str(value))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nei"
    return str(value)


def _definitions(shown: Sequence[_Column], formats: Sequence[Format], summed: bool) -> list[dict]:
    found = []
    for at, (column, form) in enumerate(zip(shown, formats, strict=True)):
        definition: dict[str, Any] = {"header": column.heading, "format": form}
        if summed and column.total is not None:
            # By its cells: by the heading, as Excel would have it, other spreadsheets cannot compute it.
            cells = xl_range(HEAD_ROW + 1, at, HEAD_ROW + len(column.values), at)
            definition |= {"total_function": f"=SUBTOTAL(109,{cells})", "total_value": column.total}
        elif summed and at == 0:
            definition["total_string"] = "Sum"
        found.append(definition)
    return found


def number_format(name: str, kind: str) -> str:
    """How a number is shown: shares as per cent, points with three decimals, money with two, counts with none; years
    and other numbers that count nothing as they are."""
    if name in columns.SHARES:
        return SHARE
    if name in columns.FACTORS:
        return FACTOR
    if name in columns.NUMBERS:
        return PLAIN
    if kind.endswith((",3)", ",9)")):
        return POINTS
    return MONEY if kind.startswith(("DECIMAL", "DOUBLE")) else COUNT


def _print_setup(sheet: Sheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
