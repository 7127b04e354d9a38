"""The folder of a result beside the settlements: tables as Parquet and CSV, a workbook, a page and a manifest.

`<home>/<kind>/<name>/` (comparisons, reconciliations, rbf …) appears whole or not at all and is never changed: the same
inputs, rules and program give the same bytes and no new folder, anything else becomes `<name>-r2`. Its files are
readable by their owner only: such results hold what the public files of a settlement hide.

A table is its SQL file: columns and order from the final select, key from `-- key:`, title from `-- title:`, Norwegian
headings from `-- heading <column>:` and meanings from `-- column <column>:`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine import home as homes
from pipelines.engine.models import Model
from pipelines.engine.workspace import literal
from pipelines.publication import csvfile, folder
from pipelines.publication.audience import DIRECTORATE
from pipelines.publication.tables import ROW_GROUP_ROWS, Rows, read
from pipelines.publication.xlsx import Book

FORMAT = "isf-oppgjor/result/1"
AUDIENCE = DIRECTORATE.line
# Nothing in a cell becomes a formula, a link or a number because of how it looks.
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SHEET_ROWS = 1_048_575


@dataclass(frozen=True)
class ResultTable:
    """One table of a result: the model that made it, and its rows (None where they are too many for memory)."""

    model: Model
    rows: Rows | None

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def title(self) -> str:
        return self.model.header.get("title", self.name)

    @property
    def key(self) -> tuple[str, ...]:
        return keys_of(self.model)

    def heading(self, column: str) -> str:
        """The Norwegian heading of a column."""
        return self.model.header.get(f"heading {column}", column.replace("_", " ").capitalize())


def keys_of(model: Model) -> tuple[str, ...]:
    """The unique key of a model's table, from its `-- key:` line."""
    return tuple(part.strip() for part in model.header["key"].split(","))


def ordered(model: Model, relation: str | None = None) -> str:
    """The table sorted by its unique key: the same rows give the same bytes."""
    keys = ", ".join(f"{column} nulls first" for column in keys_of(model))
    return f"select * from {relation or model.name} order by {keys}"


def tables_of(con: duckdb.DuckDBPyConnection, models: Iterable[Model], large: Iterable[str] = ()) -> list[ResultTable]:
    """The tables of these models as the connection names them; the rows of those in `large` stay in the database."""
    return [ResultTable(one, None if one.name in set(large) else read(con, ordered(one))) for one in models]


def place(
    con: duckdb.DuckDBPyConnection,
    parent: Path,
    name: str,
    tables: list[ResultTable],
    facts: dict[str, Any],
    *,
    created: date,
    title: str,
    summary: list[tuple[str, object]],
    pages: Callable[[], dict[str, str]],
) -> folder.Published:
    """Write the folder `parent/name` and put it in place.

    `facts`: what the result was made from (inputs with hashes, rule sets, program, options), for the manifest.
    `created`: the workbook's date, of the data and not of the clock. `summary`: label and value of the workbook's
    first sheet. `pages`: file name → HTML. The workbook is `resultat.xlsx`.
    """

    def write(tmp: Path) -> folder.Made:
        for table in tables:
            _write_table(con, table, tmp)
        _workbook(tmp / "resultat.xlsx", tables, title, summary, created)
        for page, text in pages().items():
            (tmp / page).write_text(text, encoding="utf-8", newline="\n")
        content = {"format": FORMAT, "audience": DIRECTORATE.name, "audience_text": AUDIENCE, **facts}
        return folder.Made(content)

    return folder.publish(homes.make(parent), name, write, private=True)


def _write_table(con: duckdb.DuckDBPyConnection, table: ResultTable, tmp: Path) -> None:
    options = f"format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS}"
    con.execute(f"copy ({ordered(table.model)}) to {literal(tmp / f'{table.name}.parquet')} ({options})")
    csvfile.write(table.rows or read(con, ordered(table.model)), tmp / f"{table.name}.csv")


def _workbook(
    path: Path, tables: list[ResultTable], title: str, summary: list[tuple[str, object]], created: date
) -> None:
    """A first sheet with the answer and the contents, then a sheet per table as an Excel table with sums to filter."""
    book = Book(str(path), _OPTIONS)
    book.set_properties({"title": title, "created": datetime(created.year, created.month, created.day)})
    front = book.add_worksheet("Sammendrag")
    front.hide_gridlines(2)
    front.set_column(0, 0, 46)
    front.set_column(1, 1, 90)
    bold = book.add_format({"bold": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top", "align": "left"})
    number = book.add_format({"num_format": "#,##0.00", "align": "left"})
    front.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 18}))
    front.write_string(1, 0, AUDIENCE, book.add_format({"italic": True}))
    row = 3
    for label, value in summary:
        front.write_string(row, 0, label, bold)
        if isinstance(value, str):
            front.write_string(row, 1, value, wrap)
        else:
            front.write_number(row, 1, value, number)
        row += 1
    shown = [table for table in tables if table.rows is not None and len(table.rows.rows) <= _SHEET_ROWS]
    front.write_string(row + 1, 0, "Innhold", bold)
    for number_of, table in enumerate(shown, row + 2):
        front.write_url(number_of, 0, f"internal:'{table.name[:31]}'!A1", string=table.title)
    for table in shown:
        _sheet(book, table)
    front.set_landscape()
    front.fit_to_pages(1, 0)
    book.close()


def _sheet(book: Book, table: ResultTable) -> None:
    rows = table.rows
    assert rows is not None
    sheet = book.add_worksheet(table.name[:31])
    formats = [
        book.add_format({"num_format": _number_format(column, kind) if numeric else "@"})
        for column, kind, numeric in zip(rows.columns, rows.types, rows.numeric, strict=True)
    ]
    headings = [table.heading(column) for column in rows.columns]
    for column, name in enumerate(rows.columns):
        widest = max([len(headings[column]) + 4, *(len(str(row[column] or "")) + 2 for row in rows.rows)])
        sheet.set_column(column, column, min(60, widest), formats[column])
        sheet.write_comment(0, column, f"{name}: {table.model.header.get(f'column {name}', '')}")
    sheet.add_table(
        0,
        0,
        max(1, len(rows.rows)),
        len(rows.columns) - 1,
        {
            "name": table.name,
            "style": "Table Style Light 1",
            "columns": [{"header": text, "format": form} for text, form in zip(headings, formats, strict=True)],
        },
    )
    for at, row in enumerate(rows.rows, 1):
        for column, value in enumerate(row):
            if value is None:
                continue
            if rows.numeric[column]:
                sheet.write_number(at, column, value, formats[column])
            else:
                sheet.write_string(at, column, str(value), formats[column])
    sheet.freeze_panes(1, len(table.key))
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _number_format(name: str, kind: str) -> str:
    if kind.endswith(",9)") or name in ("maltall", "isf_andel"):
        return "0.00%"
    if kind.endswith(",3)"):
        return "#,##0.000"
    return "#,##0.00" if kind.startswith("DECIMAL") else "#,##0"
