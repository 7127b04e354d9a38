"""What the generator draws on: the rule set (schema `ref`) and `reference_data/synthetic/` (schema `syn`).

What belongs here: reading and typing. What the numbers mean is said in `docs/synthetic-data.md`.
"""

from pathlib import Path

import duckdb

from pipelines.rules import load as rulesets

SYNTHETIC = Path(__file__).resolve().parents[2] / "reference_data" / "synthetic"

# Columns that are numbers, in whatever file they stand; all others are text.
_INTEGERS = """
age_from age_to at_least band bydel category from_day from_tertial hour indirect interval_days
kontakttype length level min_days per_week periods population position season to_day variant wards
weekday_step weekday_width
"""
_DOUBLES = """
belop factor hospitals lines male_share mean points rate share share_phv share_som short urgent
value volume weight
"""


def _kind(column: str, file: str) -> str:
    if column in _INTEGERS.split():
        return "INTEGER"
    return "DOUBLE" if column in _DOUBLES.split() and (file, column) != ("rates", "rate") else "VARCHAR"


def load(con: duckdb.DuckDBPyConnection, ruleset: str) -> None:
    """Fill schemas `ref` and `syn` of `con`."""
    rulesets.load(ruleset, con)
    con.execute("create schema if not exists syn")
    for path in sorted(SYNTHETIC.glob("*.csv")):
        columns = path.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
        types = "{" + ", ".join(f"'{c}': '{_kind(c, path.stem)}'" for c in columns) + "}"
        con.execute(
            f"create table syn.{path.stem} as select * from read_csv(?, header = true, delim = ',', "
            f"quote = '\"', escape = '\"', columns = {types}, nullstr = '', auto_detect = false)",
            [str(path)],
        )


def rates(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """The named rates of rates.csv."""
    return dict(con.execute("select rate, value from syn.rates").fetchall())


def rows(con: duckdb.DuckDBPyConnection, sql: str, parameters: list | None = None) -> list[dict]:
    """The result of a query as dicts."""
    found = con.execute(sql, parameters or [])
    names = [d[0] for d in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def asterisk_pairs(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Pairs of dagger and asterisk code, `E104+G632`."""
    sql = "select string_split(codes, ' ') as codes from syn.conditions where role = 'asterisk'"
    return rows(con, sql)[0]["codes"]
