"""The way from a sum down to the unit: levels of ledger rows with what was chosen above them, by page, sorted.

Every question is a select of `sql/serve` on the index of the delivery; what is chosen goes into variables of the
connection, never into its text. Pages of units are found by the unit that the page before ended with, so the last of
millions are as near as the first.
"""

import re
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
FROM_END = 400_000
MONTHS = 12
UNIT = "enhet"
# Name in an address → level, and what the level is called.
LEVELS = {
    "rhf": "RHF som betaler", "hf": "Behandlende HF", "regel": "Regel", "maned": "Måned", "gruppe": "Gruppe",
    "kommune": "Kommune", UNIT: "Enhet",
}  # fmt: skip
# Name in an address → variable of the models.
CHOICES = {
    "rhf": "rhf", "hf": "hf", "regel": "rule", "maned": "month", "gruppe": "group_code", "sektor": "sector",
    "kommune": "municipality",
}  # fmt: skip
_LEVEL = {**{name: CHOICES[name] for name in LEVELS if name in CHOICES}, "gruppe": "group"}
_NUMBERS = ("month", "municipality")
SORTED = {"kode": "code", "navn": "name", "poster": "ledger_rows", "poeng": "points", "kroner": "refund_nok"}
SORTED_UNITS = {"poeng": "points", "kroner": "refund_nok"}

# Column of the models → heading in a file.
HEADINGS = {
    "code": "kode", "sector": "sektor", "name": "navn", "ledger_rows": "poster", "units": "enheter",
    "points": "poeng", "refund_nok": "kroner", "unit_type": "slag", "group_code": "gruppe", "month": "maned",
    "residence_rhf_name": "betales_til", "rules": "regler",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What an address asks for: a level, what is chosen, a text to look for, an order and a page.

    Levels have numbered pages (from 1). A page of units begins `after` one, or ends `before` one: the value that it is
    sorted by and its number, as the address has them; neither is the first page.
    """

    level: str
    chosen: dict[str, str]
    text: str = ""
    order: str = "kroner"
    descending: bool = True
    page: int = 1
    after: str = ""
    before: str = ""

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
    level = level if level in LEVELS else "hf"
    return Asked(
        level=level,
        chosen={name: query[name][:LONGEST_TEXT] for name in CHOICES if name in query},
        text=query.get("sok", "")[:LONGEST_TEXT],
        order=order if order in (SORTED_UNITS if level == UNIT else SORTED) else "kroner",
        descending=query.get("retning", "ned") != "opp",
        page=max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else 1,
        after=query.get("etter", ""),
        before=query.get("foer", ""),
    )


def page(con: duckdb.DuckDBPyConnection, wanted: Asked) -> dict[str, Any]:
    """A page of a level: `rows`, how many there are of it (`count`), and the sums of all (`points`, `refund_nok`); of
    levels the number of the `page`, which is the last where one behind it is asked for; of units where the pages beside
    it are (`next`, `previous`, empty where there is none)."""
    _set(con, wanted)
    return _units(con, wanted) if wanted.level == UNIT else _level(con, wanted)


def _level(con: duckdb.DuckDBPyConnection, wanted: Asked) -> dict[str, Any]:
    shown = _rows(
        con,
        f"""
        select
            * exclude (nok),
            count(*) over () as count,
            sum(points) over () as all_points,
            cast(round(sum(nok) over (), 2) as decimal(18, 2)) as all_nok
        from ({_matching(wanted)})
        order by {_order(wanted)} limit {PAGE} offset {PAGE * (wanted.page - 1)}""",
    )
    if not shown and wanted.page > 1:
        (found,) = _rows(con, f"select count(*) as count from ({_matching(wanted)})")
        return _level(con, replace(wanted, page=max(1, -(-found["count"] // PAGE))))
    for row in shown:
        row["name"] = _name(wanted.level, row)
    first = shown[0] if shown else {"count": 0, "all_points": 0, "all_nok": 0}
    sums = {"count": first["count"], "points": first["all_points"], "refund_nok": first["all_nok"]}
    return {"rows": shown, "page": wanted.page, **sums}


def _units(con: duckdb.DuckDBPyConnection, wanted: Asked) -> dict[str, Any]:
    column = SORTED_UNITS[wanted.order]
    edge, backwards = _edge(wanted.after or wanted.before), bool(wanted.before and not wanted.after)
    falling = wanted.descending != backwards
    # The unit's number makes the order total; upwards it is the same order from the other end.
    order = f"{column} {'desc' if falling else 'asc'}, unit_nr {'asc' if falling else 'desc'}"
    beyond = "true"
    if edge:
        value, number = edge
        same = f"{column} = {value} and unit_nr {'>' if falling else '<'} {number}"
        beyond = f"({column} {'<' if falling else '>'} {value} or ({same}))"
    # The index has the largest units first, so the smallest are looked for from its end.
    from_end = column == "refund_nok" and not falling and not edge and "regel" not in wanted.chosen
    for least in [f"place > (select max(rowid) from index.main.listed_row) - {FROM_END}", "true"][not from_end :]:
        shown = _rows(
            con,
            f"""
            with chosen as (
                select * exclude (place) from ({_select("listed_chosen")}) where {beyond} and {least}
                order by {order} limit {PAGE + 1}
            )
            select * from ({_select("listed_unit")}) order by {order}""",
        )
        if len(shown) > PAGE:
            break
    more, shown = len(shown) > PAGE, shown[:PAGE]
    if backwards:
        shown.reverse()
    has_next, has_previous = (bool(edge), more) if backwards else (more, bool(edge))
    return {
        "rows": shown,
        **_sums(con, wanted),
        "next": _key(shown[-1], column) if shown and has_next else "",
        "previous": _key(shown[0], column) if shown and has_previous else "",
    }


def _sums(con: duckdb.DuckDBPyConnection, wanted: Asked) -> dict[str, Any]:
    """How many units are asked for and what they give: from the sums in small, or from the rows where single units or a
    municipality are asked for."""
    if wanted.text or {"kommune", "gruppe"} <= wanted.chosen.keys():
        asked_for = (
            f"select sector, count(*) as units, sum(points) as points from ({_select('listed_chosen')}) group by all"
        )
    else:
        units = "ledger_rows" if "regel" in wanted.chosen else "units"
        asked_for = (
            f"select sector, sum({units}) as units, sum(points) as points from ({_small(wanted)})"
            " where not is_regional group by all"
        )
    (found,) = _rows(
        con,
        f"""
        select
            coalesce(cast(sum(units) as bigint), 0) as count,
            coalesce(cast(sum(points) as decimal(18, 3)), 0) as points,
            coalesce(cast(round(sum(points * nok_per_point), 2) as decimal(18, 2)), 0) as refund_nok
        from ({asked_for}) inner join point_price using (sector)""",
    )
    return found


def _edge(text: str) -> tuple[str, str] | None:
    """Where a page begins, from an address: a number as the column has it, and the unit's; None for anything else."""
    match = re.fullmatch(r"(-?[0-9]{1,14}(?:[.][0-9]{1,3})?)_([0-9]{1,9})", text)
    return (match[1], match[2]) if match else None


def _key(row: dict[str, Any], column: str) -> str:
    return f"{row[column]}_{row['unit_nr']}"


def table(con: duckdb.DuckDBPyConnection, wanted: Asked) -> Rows:
    """The whole level with Norwegian headings; at most ROWS rows, the first in the order asked for."""
    _set(con, wanted)
    if wanted.level == UNIT:
        ways = ("desc", "asc") if wanted.descending else ("asc", "desc")
        order = f"{SORTED_UNITS[wanted.order]} {ways[0]}, unit_nr {ways[1]}"
        sql = (
            f"with chosen as (select * exclude (place) from ({_select('listed_chosen')}) order by {order} limit {ROWS})"
            f" select * exclude (unit_nr) from (select * from ({_select('listed_unit')}) order by {order})"
        )
    else:
        sql = f"select * exclude (nok) from ({_matching(wanted)}) order by {_order(wanted)} limit {ROWS}"
    with of_this_version("isf serve"):
        found = read(con, sql)
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
            known = _named(con, "hf" if name == "rhf" else _LEVEL[name], value, wanted.chosen.get("sektor"))
            found.append((name, LEVELS[name], known or value or "uten verdi"))
    return found


def found(con: duckdb.DuckDBPyConnection, text: str) -> list[dict[str, Any]]:
    """Trusts, regions, municipalities, rules and groups that a text means: those of that very code first."""
    con.execute(f"set variable text = {literal(text)}")
    return _rows(con, f"{_select('found_name')} order by not is_exact, kind, name, code, sector limit {PAGE}")


def _named(con: duckdb.DuckDBPyConnection, kind: str, code: str, sector: str | None) -> str | None:
    """The name of a trust, municipality, rule or group by its code."""
    con.execute(f"set variable text = {literal(code)}")
    conditions = f"kind = {literal(kind)} and code = {literal(code)}"
    if kind == "group" and sector:
        conditions += f" and sector = {literal(sector)}"
    known = _rows(con, f"select name from ({_select('found_name')}) where {conditions} order by sector limit 1")
    return known[0]["name"] if known else None


def _set(con: duckdb.DuckDBPyConnection, wanted: Asked) -> None:
    values: dict[str, str | int | None] = {"level": _LEVEL.get(wanted.level), "text": wanted.text}
    values |= {variable: wanted.chosen.get(name) for name, variable in CHOICES.items()}
    for name in _NUMBERS:
        values[name] = _whole(values[name])
    for name, value in values.items():
        con.execute(f"set variable {name} = {_value(value)}")
    if wanted.level == UNIT and wanted.text:
        owner = con.execute(_select("listed_owner")).fetchone()
        con.execute(f"set variable owner = {f'cast({owner[0]} as ubigint)' if owner else 'null'}")


def _value(value: str | int | None) -> str:
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) else literal(value)


def _whole(text: Any) -> int | None:
    """A month or municipality of an address: 0 for those without, −1 for what is none."""
    if text is None:
        return None
    return int(text or 0) if (not text or (text.isascii() and text.isdigit() and len(text) < 6)) else -1


def _matching(wanted: Asked) -> str:
    """The level's select, and of it only the rows that have the text in code or name."""
    select = f"with asked as ({_small(wanted)}) select * from ({_select('listed_level')})"
    if not wanted.text:
        return f"select * from ({select})"
    has_text = "contains(lower(code), lower(getvariable('text'))) or contains(lower(name), lower(getvariable('text')))"
    if wanted.level == "maned":
        numbers = ["", *(str(number) for number in range(1, MONTHS + 1))]
        named = [literal(number) for number in numbers if wanted.text.lower() in _month(number)]
        has_text += f" or code in ({', '.join(named)})" if named else ""
    return f"select * from ({select}) where {has_text}"


def _small(wanted: Asked) -> str:
    """The smallest of the tables that know all that is asked for."""
    named = {wanted.level, *wanted.chosen}
    if "kommune" not in named:
        return _select("listed_asked")
    return _select("listed_asked_row" if "gruppe" in named else "listed_asked_home")


def _order(wanted: Asked) -> str:
    """The columns to sort by: the one asked for, then those that make the order total."""
    column = SORTED[wanted.order]
    if wanted.level == "maned" and column in ("code", "name"):
        column = "try_cast(code as integer)"
    return f"{column} {'desc' if wanted.descending else 'asc'} nulls last, code, sector"


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
