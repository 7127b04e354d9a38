"""The way from a sum down to the unit: levels of ledger rows with what was chosen above them, by page, sorted.

Every question is a select of `sql/serve`; what is chosen goes into variables of the connection, never into its text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb

from pipelines.engine.workspace import literal, of_this_version, rows
from pipelines.publication import norwegian, words
from pipelines.publication.tables import Rows, read
from pipelines.serve.database import ROWS

FOLDER = Path(__file__).resolve().parents[2] / "sql" / "serve"
PAGE = 50
LONGEST_TEXT = 200
MONTHS = 12
# Name in an address → level, and what the level is called.
LEVELS = {"hf": "Behandlende HF", "regel": "Regel", "maned": "Måned", "gruppe": "Gruppe", "enhet": "Enhet"}
# Name in an address → variable of the models.
CHOICES = {"hf": "hf", "regel": "rule", "maned": "month", "gruppe": "group_code", "sektor": "sector"}
_VARIABLE = {"hf": "hf", "regel": "rule", "maned": "month", "gruppe": "group"}
SORTED = {"kode": "code", "navn": "name", "poster": "ledger_rows", "poeng": "points", "kroner": "refund_nok"}

# Column of the models → heading in a file.
HEADINGS = {
    "code": "kode", "sector": "sektor", "name": "navn", "ledger_rows": "poster", "points": "poeng",
    "refund_nok": "kroner", "unit_type": "slag", "group_code": "gruppe", "month": "maned",
    "residence_rhf_name": "betales_til", "rules": "regler",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What an address asks for: a level, what is chosen, a text to look for, an order and a page (from 1)."""

    level: str
    chosen: dict[str, str]
    text: str = ""
    order: str = "kroner"
    descending: bool = True
    page: int = 1

    def address(self, **changed: Any) -> str:
        """The same with something else, as the query of an address; None takes a choice away."""
        level = changed.pop("niva", self.level)
        given = {
            "niva": level,
            **self.chosen,
            "sok": self.text if level == self.level else "",
            "sorter": self.order,
            "retning": "ned" if self.descending else "opp",
            **changed,
        }
        return urlencode(
            {key: value for key, value in given.items() if value is not None and (value or key in CHOICES)}
        )


def asked(query: Mapping[str, str]) -> Asked:
    """What is asked for; what cannot be understood is as if it were not there."""
    level = query.get("niva", "hf")
    order = query.get("sorter", "kroner")
    number = query.get("side", "1")
    return Asked(
        level=level if level in LEVELS else "hf",
        chosen={name: query[name][:LONGEST_TEXT] for name in CHOICES if name in query},
        text=query.get("sok", "")[:LONGEST_TEXT],
        order=order if order in SORTED and not (level == "enhet" and order == "poster") else "kroner",
        descending=query.get("retning", "ned") != "opp",
        page=max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else 1,
    )


def page(con: duckdb.DuckDBPyConnection, wanted: Asked) -> dict[str, Any]:
    """A page of a level: `rows`, how many there are of it (`count`), and the sums of all (`points`, `refund_nok`)."""
    _set(con, wanted)
    shown = _rows(
        con,
        f"""
        select *, count(*) over () as count, sum(points) over () as all_points, sum(refund_nok) over () as all_nok
        from ({_matching(wanted)})
        order by {_order(wanted)} limit {PAGE} offset {PAGE * (wanted.page - 1)}""",
    )
    for row in shown:
        row["name"] = _name(wanted.level, row)
    first = shown[0] if shown else {"count": 0, "all_points": 0, "all_nok": 0}
    return {"rows": shown, "count": first["count"], "points": first["all_points"], "refund_nok": first["all_nok"]}


def table(con: duckdb.DuckDBPyConnection, wanted: Asked) -> Rows:
    """The whole level with Norwegian headings; at most ROWS rows, the first in the order asked for."""
    _set(con, wanted)
    with of_this_version("isf serve"):
        found = read(con, f"{_matching(wanted)} order by {_order(wanted)} limit {ROWS}")
    return replace(found, columns=[HEADINGS[name] for name in found.columns])


def choices(con: duckdb.DuckDBPyConnection, wanted: Asked) -> list[tuple[str, str, str]]:
    """What is chosen, in words: name in the address, what kind it is, its own name."""
    found = []
    for name, value in wanted.chosen.items():
        if name == "sektor":
            found.append((name, "Sektor", words.sector(value)))
        elif name == "maned":
            found.append((name, LEVELS[name], _month(value)))
        else:
            known = _named(con, _VARIABLE[name], value, wanted.chosen.get("sektor"))
            found.append((name, LEVELS[name], known or value or "uten verdi"))
    return found


def found(con: duckdb.DuckDBPyConnection, text: str) -> list[dict[str, Any]]:
    """Trusts, rules and groups that a text means: those of that very code first."""
    con.execute(f"set variable text = {literal(text)}")
    return _rows(con, f"{_select('found_name')} order by not is_exact, kind, name, code, sector limit {PAGE}")


def _named(con: duckdb.DuckDBPyConnection, kind: str, code: str, sector: str | None) -> str | None:
    """The name of a trust, rule or group by its code."""
    con.execute(f"set variable text = {literal(code)}")
    conditions = f"kind = {literal(kind)} and code = {literal(code)}"
    if kind == "group" and sector:
        conditions += f" and sector = {literal(sector)}"
    known = _rows(con, f"select name from ({_select('found_name')}) where {conditions} order by sector limit 1")
    return known[0]["name"] if known else None


def _set(con: duckdb.DuckDBPyConnection, wanted: Asked) -> None:
    values = {"level": _VARIABLE.get(wanted.level), "text": wanted.text}
    values |= {variable: wanted.chosen.get(name) for name, variable in CHOICES.items()}
    for name, value in values.items():
        con.execute(f"set variable {name} = {'null' if value is None else literal(value)}")


def _matching(wanted: Asked) -> str:
    """The level's select, and of it only the rows that have the text in code or name."""
    select = _select("ledger_unit" if wanted.level == "enhet" else "ledger_level")
    if not wanted.text:
        return f"select * from ({select})"
    return (
        f"select * from ({select}) where contains(lower(code), lower(getvariable('text')))"
        " or contains(lower(name), lower(getvariable('text')))"
    )


def _order(wanted: Asked) -> str:
    """The columns to sort by: the one asked for, then those that make the order total."""
    column = SORTED[wanted.order]
    if wanted.level == "maned" and column in ("code", "name"):
        column = "try_cast(code as integer)"
    last = "unit_type" if wanted.level == "enhet" else "sector"
    return f"{column} {'desc' if wanted.descending else 'asc'} nulls last, code, {last}"


@cache
def _select(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    with of_this_version("isf serve"):
        return rows(con, sql)


def _name(level: str, row: dict[str, Any]) -> str:
    return _month(row["code"]) if level == "maned" else row["name"] or ""


def _month(code: str) -> str:
    """`3` as `mars`; the regional deduction is of no month."""
    known = code.isascii() and code.isdigit() and len(code) <= 2 and 1 <= int(code) <= MONTHS
    return norwegian.month(f"----{int(code):03d}") if known else "uten måned"
