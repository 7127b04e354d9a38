"""The published tables of the delivery contract, section 2: names, keys, columns, and how they are
written."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.errors import IsfError

ROW_GROUP_ROWS = 122_880


@dataclass(frozen=True)
class Table:
    """One published table. `warehouse`: the table it is read from. `hides`: the columns that a suppressed row loses.
    `personal`: rows of single patients under pseudonym; such a table is written as Parquet only, into the ledger and
    not into the published folder."""

    name: str
    title: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    warehouse: str
    hides: tuple[str, ...] = ()
    personal: bool = False

    @property
    def source(self) -> str:
        """The relation that is published: the warehouse's table, or what `suppress` has made of it."""
        return f"temp.main.public_{self.name}" if self.hides else self.warehouse

    @property
    def all_columns(self) -> tuple[str, ...]:
        """Key first, then the rest: the order in every file."""
        return self.key + self.columns


_COUNTS_AND_POINTS = (
    "antall_opphold", "antall_sertjenester", "antall_forlop",
    "poeng_opphold", "poeng_sertjenester", "poeng_forlop",
)  # fmt: skip

TABLES = (
    Table(
        "oppgjor_rhf",
        "Oppgjør per RHF der pasienten bor",
        ("rhf_orgnr", "sektor"),
        ("rhf", *_COUNTS_AND_POINTS, "trekk_kompleks_rehab", "isf_poeng",
         "enhetspris", "isf_andel", "refusjon_kr", "akonto_kr", "saldo_kr"),
        "main.oppgjor_rhf",
    ),
    Table(
        "oppgjor_hf",
        "Oppgjør per behandlende HF",
        ("hf_orgnr", "sektor"),
        ("hf", "rhf_orgnr", *_COUNTS_AND_POINTS, "isf_poeng", "refusjon_kr"),
        "main.oppgjor_hf",
    ),
    Table(
        "gjestepasienter",
        "Behandlende HF mot RHF der pasienten bor",
        ("hf_orgnr", "bosted_rhf_orgnr", "sektor"),
        ("antall_opphold", "isf_poeng", "refusjon_kr"),
        "main.gjestepasienter_usladdet",
        hides=("antall_opphold", "isf_poeng", "refusjon_kr"),
    ),
    Table(
        "oppgjor_rhf_maned",
        "Oppgjør per RHF der pasienten bor og måned",
        ("rhf_orgnr", "sektor", "maned"),
        ("rhf", "isf_poeng", "refusjon_kr", "akonto_kr"),
        "main.oppgjor_rhf_maned",
        hides=("isf_poeng", "refusjon_kr"),
    ),
    Table(
        "oppgjor_hf_maned",
        "Oppgjør per behandlende HF og måned",
        ("hf_orgnr", "sektor", "maned"),
        ("hf", "rhf_orgnr", "isf_poeng", "refusjon_kr"),
        "main.oppgjor_hf_maned",
        hides=("isf_poeng", "refusjon_kr"),
    ),
    Table(
        "poeng_per_regel",
        "Poeng etter regel for landet",
        ("regel", "sektor", "enhet_type"),
        ("virkning", "antall_enheter", "poeng"),
        "main.poeng_per_regel",
        hides=("antall_enheter", "poeng"),
    ),
    Table(
        "poengposter",
        "Poengposter: én rad per tellende enhet og regel",
        ("enhet_type", "enhet_id", "regel"),
        ("paragraf", "sektor", "hf_orgnr", "bosted_rhf_orgnr", "drg_stg_tfg", "poeng"),
        "main.poengposter",
        personal=True,
    ),
    Table(
        "grunnlag",
        "Fra rader i filene til tellende enheter",
        ("steg", "arsak", "sektor"),
        ("antall",),
        "main.grunnlag",
        hides=("antall",),
    ),
)  # fmt: skip


def table(name: str) -> Table:
    """The published table of that name."""
    return next(t for t in TABLES if t.name == name)


PUBLIC = tuple(spec for spec in TABLES if not spec.personal)


def suppress(con: duckdb.DuckDBPyConnection, hidden: frozenset[str]) -> None:
    """Make the tables that are published: every row stays, those whose id is in `hidden` lose their numbers.

    A row's id is its table's name and its key, a bar between them, as the models of `sql/disclosure/` make it.
    """
    con.execute("create or replace temp table hidden_row (row_id varchar)")
    if hidden:
        con.executemany("insert into hidden_row values (?)", [[row] for row in sorted(hidden)])
    for spec in (spec for spec in PUBLIC if spec.hides):
        keys = ", ".join(f"coalesce({column}, '')" for column in spec.key)
        row_id = f"concat_ws('|', '{spec.name}', {keys})"
        emptied = ", ".join(f"if({row_id} in (from hidden_row), null, {column}) as {column}" for column in spec.hides)
        columns = ", ".join(spec.all_columns)
        con.execute(
            f"create or replace temp table public_{spec.name} as"
            f" select {columns} from (select * replace ({emptied}) from {spec.warehouse})"
        )


def type_of(column: str) -> str:
    """The DuckDB type of a published column: counts are whole numbers, points have 3 decimals, kroner 2."""
    if column == "isf_andel":
        return "DECIMAL(9,4)"
    if column.startswith(("poeng", "trekk", "isf_poeng")):
        return "DECIMAL(18,3)"
    if column.endswith("_kr") or column == "enhetspris":
        return "DECIMAL(18,2)"
    return "BIGINT" if column.startswith("antall") else "VARCHAR"


def check_columns(con: duckdb.DuckDBPyConnection) -> None:
    """Refuses a warehouse whose tables do not have exactly the contract's columns and types."""
    wanted = {spec.warehouse: spec.all_columns for spec in TABLES}
    wanted["main.gjestepasienter_usladdet"] = (*table("gjestepasienter").all_columns, "antall_pasienter")
    for source, columns in wanted.items():
        rows = con.execute(f"describe select * from {source}").fetchall()
        found = {f"{row[0]} {row[1]}" for row in rows}
        expected = {f"{column} {type_of(column)}" for column in columns}
        if found != expected:
            raise IsfError(
                f"Table {source} cannot be published by the delivery contract. "
                f"Missing: {', '.join(sorted(expected - found)) or 'nothing'}. "
                f"Not in the contract: {', '.join(sorted(found - expected)) or 'nothing'}. "
                "Remedy: correct its file in sql/70_settlement/."
            )


def ordered_select(spec: Table) -> str:
    """The table in the contract's column order, sorted by its unique key: the same rows give the same
    bytes."""
    keys = ", ".join(f"{column} nulls first" for column in spec.key)
    return f"select {', '.join(spec.all_columns)} from {spec.source} order by {keys}"


def write_parquet(con: duckdb.DuckDBPyConnection, spec: Table, path: Path) -> None:
    """Writes one table as Parquet (zstd, fixed row groups): identical bytes at any number of threads.

    The sort spills to disk where memory is short: 10 M rows of `poengposter` take about 10 s and
    2.7 GB on two cores, and as long with 2.3 GB under a memory limit of 2 GB.
    """
    target = str(path).replace("'", "''")
    con.execute(
        f"copy ({ordered_select(spec)}) to '{target}' "
        f"(format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS})"
    )


@dataclass(frozen=True)
class Rows:
    """A small table in memory. `numeric`: per column, whether its values are numbers."""

    columns: list[str]
    types: list[str]
    numeric: list[bool]
    rows: list[tuple]

    def dicts(self) -> list[dict]:
        """One dict per row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def row_count(con: duckdb.DuckDBPyConnection, source: str) -> int:
    """How many rows a table has."""
    return con.execute(f"select count(*) from {source}").fetchall()[0][0]


_TEXT_LIKE = ("VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN", "ENUM")


def read(con: duckdb.DuckDBPyConnection, query: str) -> Rows:
    """The result of a query whose result is small."""
    cursor = con.execute(query)
    types = [str(column[1]) for column in cursor.description]
    columns = [column[0] for column in cursor.description]
    numeric = [not kind.upper().startswith(_TEXT_LIKE) for kind in types]
    return Rows(columns, types, numeric, cursor.fetchall())
