"""The folder of a result beside the settlements: tables as Parquet and CSV, a workbook, a page and a manifest.

`<home>/<kind>/<name>/` (comparisons, reconciliations, rbf …) appears whole or not at all and is never changed: the same
inputs, rules and program give the same bytes and no new folder, anything else becomes `<name>-r2`. Its files are
readable by their owner only: such results hold what the public files of a settlement hide.

A table is its SQL file: columns and order from the final select, key from `-- key:`, title from `-- title:`, Norwegian
headings from `-- heading <column>:` and meanings from `-- column <column>:`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb

from pipelines.engine import home as homes
from pipelines.engine.models import Model
from pipelines.publication import columns, csvfile, folder, workbook
from pipelines.publication.audience import DIRECTORATE
from pipelines.publication.tables import Rows, read, write_parquet

FORMAT = "isf-oppgjor/result/1"
AUDIENCE = DIRECTORATE.line


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
        return columns.heading(column, self.model)


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
    words: workbook.Words = MappingProxyType({}),
    pages: Callable[[], dict[str, str]],
) -> folder.Published:
    """Write the folder `parent/name` and put it in place.

    `facts`: what the result was made from (inputs with hashes, rule sets, program, options), for the manifest.
    `created`: the workbook's date, of the data and not of the clock. `summary`: label and value of the workbook's
    first sheet, sums of the tables as `workbook.Sum`; `words`: column → what a code in it means, for the workbook.
    `pages`: file name → HTML. The workbook is `resultat.xlsx`.
    """

    def write(tmp: Path) -> folder.Made:
        for table in tables:
            _write_table(con, table, tmp)
        _workbook(tmp / "resultat.xlsx", tables, title, summary, created, words)
        for page, text in pages().items():
            (tmp / page).write_text(text, encoding="utf-8", newline="\n")
        content = {"format": FORMAT, "audience": DIRECTORATE.name, "audience_text": AUDIENCE, **facts}
        return folder.Made(content)

    return folder.publish(homes.make(parent), name, write, private=True)


def _write_table(con: duckdb.DuckDBPyConnection, table: ResultTable, tmp: Path) -> None:
    write_parquet(con, ordered(table.model), tmp / f"{table.name}.parquet")
    # Rows of single units are Parquet only, as the ledger is: a CSV with patients opens at a double click.
    if table.rows is not None:
        csvfile.write(table.rows, tmp / f"{table.name}.csv")


def _workbook(
    path: Path,
    tables: list[ResultTable],
    title: str,
    summary: list[tuple[str, object]],
    created: date,
    words: workbook.Words,
) -> None:
    """A first sheet with the answer, the contents, then a sheet per table."""
    book = workbook.Workbook(path, title, AUDIENCE, created)
    front, row = book.front("Sammendrag", "Svaret og hovedtallene")
    front.set_column(0, 0, 46)
    front.set_column(1, 1, 90)
    names = _names(tables)
    sheets = [
        workbook.of_model(table.model, table.rows, words=words, names=names)
        for table in tables
        if table.rows is not None and len(table.rows.rows) <= workbook.MOST_ROWS
    ]
    book.facts(front, row, summary, sheets)
    for sheet in sheets:
        book.table(sheet)
    book.close()


_NAMES = ("hf", "rhf", "bosted_rhf")


def _names(tables: list[ResultTable]) -> dict[str | None, str]:
    """Organisation number → name, from the tables that have both."""
    found: dict[str | None, str] = {}
    for rows in (table.rows for table in tables if table.rows is not None):
        for number, name in (*((f"{name}_orgnr", name) for name in _NAMES), ("bosted_rhf_orgnr", "rhf")):
            if number in rows.columns and name in rows.columns:
                at, named = rows.columns.index(number), rows.columns.index(name)
                found |= {row[at]: row[named] for row in rows.rows if row[at]}
    return found
