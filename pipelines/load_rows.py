"""One table file into schema `landing`: every row is loaded or quarantined, none is lost.

What belongs here: the SQL that judges a row, and the account of rows. A table is read in one pass: a row without
fault costs its columns and nothing else; for the others a temporary column `fault` holds line, faults, unparsed
values and the row as delivered, until they are moved to `landing.quarantine` and `landing.unparsed`.
Source of the rules: `docs/delivery.md`, part 3.
"""

from __future__ import annotations

import json

import duckdb
import pyarrow as pa

from pipelines.contract import VALUE, Column, Table
from pipelines.load_source import Source, relation
from pipelines.load_sql import Parsed, absent, name, parse, quoted, trimmed

_PLAIN = {
    "VARCHAR",
    "DATE",
    "BOOLEAN",
    "TIMESTAMP",
    "DOUBLE",
    "FLOAT",
    "INTEGER",
    "BIGINT",
    "SMALLINT",
    "TINYINT",
}
_IS_BAD = "fault is not null and len(fault.faults) > 0"
QUARANTINED_PARENT = -1  # stands for the number of an episode that was quarantined


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of schema `landing` that hold the account of a delivery."""
    con.execute(
        """drop schema if exists landing cascade;
        create schema landing;
        create table landing.delivery (delivery varchar, year integer, tertial integer, delivery_number integer,
            period_from date, period_to date, produced date);
        create table landing.quarantine (file varchar, line bigint, reason varchar, column_name varchar,
            value varchar, row_content json, further varchar);
        create table landing.unparsed (file varchar, line bigint, column_name varchar, value varchar);
        create table landing.row_account (file varchar, format varchar, rows_in bigint, rows_loaded bigint,
            rows_quarantined bigint, share_quarantined decimal(9, 6), bytes bigint, sha256 varchar);
        create table landing.unknown_column (file varchar, column_name varchar);
        create table landing.unknown_file (file varchar);
        create temp table quarantined_episode (id varchar);"""
    )


def create_empty(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The landing table of a file that was not delivered."""
    columns = ", ".join(
        f"{name(c.name)} {c.type}" for c in table.columns if not (table.child and c.name == "episodeID")
    )
    con.execute(
        f"create table landing.{table.name} ({'episode_nr bigint, ' if table.child else ''}{columns})"
    )


def load_table(con: duckdb.DuckDBPyConnection, table: Table, source: Source) -> None:
    """Create and fill `landing.<table>`, and file what did not go in. Raises Unreadable for a damaged file."""
    with relation(source, con, passes=2 if table.unique else 1) as rows:
        duplicates = bool(table.unique) and _find_duplicates(con, table, source, rows)
        con.execute(
            _statement(table, source, rows, duplicates, trim_id=source.csv is not None or not table.child)
        )
        if source.csv is None and table.child and _has_padded_ids(con, table):
            con.execute(f"drop table landing.{table.name}")
            con.execute(_statement(table, source, rows, duplicates, trim_id=True))
    if source.ragged:
        _file_ragged(con, table, source)
    _file_faults(con, table)


def _find_duplicates(con: duckdb.DuckDBPyConnection, table: Table, source: Source, rows: str) -> bool:
    """Fill the temporary table `duplicate` with the ids that occur more than once. Whether there are any."""
    key = table.column(table.unique)
    ref, kind = source.column(key.name)
    con.execute(
        f"""create or replace temp table duplicate as
        select id from (select {parse(key, kind, ref).value} as id from {rows})
        where id is not null group by id having count(*) > 1"""
    )
    return con.execute("select exists (from duplicate)").fetchone()[0]


def _statement(table: Table, source: Source, rows: str, duplicates: bool, trim_id: bool) -> str:
    """The CREATE TABLE of a landing table, with its column `fault`."""
    readers: dict[Column, tuple[str, Parsed]] = {}
    given = []
    for i, (_, ref, _) in enumerate(source.columns):
        given.append(f"{ref} as g{i}")
    position = {delivered: i for i, (delivered, _, _) in enumerate(source.columns)}
    values = []
    for i, column in enumerate(table.columns):
        if column.name in position:
            g = f"g{position[column.name]}"
            trim = trim_id or not (table.child and column.name == "episodeID")
            reader = parse(column, source.columns[position[column.name]][2], g, trim)
        else:
            g, reader = "null", absent(column)
        readers[column] = (g, reader)
        values.append(f"{reader.value} as v{i}")
    v = {column.name: f"v{i}" for i, column in enumerate(table.columns)}
    landed = ["nr as episode_nr"] if table.name == "episode" else ["p.episode_nr"] if table.child else []
    for column in table.columns:
        if table.child and column.name == "episodeID":
            continue
        landed.append(f"{v[column.name]} as {name(column.name)}")
        if column.kind == "time":
            landed.append(
                f"coalesce(k{v[column.name]}, false) as {name(column.name.removesuffix('DatoTid') + 'TidKjent')}"
            )
    known = [
        f", {reader.known.format(v=v[c.name])} as k{v[c.name]}"
        for c, (_, reader) in readers.items()
        if reader.known
    ]
    join = ""
    if table.child:
        join = (
            'left join (select "episodeID" as id, episode_nr from landing.episode union all '
            f"select id, {QUARANTINED_PARENT} from quarantined_episode) p on p.id = v0"
        )
    faults = _faults(table, readers, v, duplicates)
    unparsed = _unparsed(readers, v)
    clean = " and ".join(_clean(table, v, duplicates))
    if unparsed:
        clean += " and not (" + " or ".join(condition for condition, _ in unparsed) + ")"
    unparsed_list = ", ".join(f"case when {condition} then {entry} end" for condition, entry in unparsed)
    content = ", ".join(
        f"{quoted(delivered)}, {f'g{i}' if kind in _PLAIN else f'g{i}::varchar'}"
        for i, (delivered, _, kind) in enumerate(source.columns)
    )
    return f"""create table landing.{table.name} as
    with given as (select {source.nr} as nr, {source.line} as line, {", ".join(given)} from {rows}),
    parsed as (select *, {", ".join(values)} from given),
    timed as (select *{"".join(known)} from parsed)
    select {", ".join(landed)},
        case when {clean} then null else {{
            'line': line,
            'faults': list_filter([{", ".join(faults)}], lambda f: f is not null),
            'unparsed': list_filter([{unparsed_list or "{'column_name': '', 'value': ''}"}],
                lambda f: {"f is not null" if unparsed else "false"}),
            'content': json_object({content})::varchar
        }} end as fault
    from timed {join}"""


def _clean(table: Table, v: dict[str, str], duplicates: bool) -> list[str]:
    """Conditions that together say a row has no fault. None of them is NULL for a row without fault."""
    conditions = [f"{v[c.name]} is not null" for c in table.columns if c.need == VALUE]
    conditions += [f"{v[c.name]} in {_in(c)}" for c in table.columns if c.listed]
    if duplicates:
        conditions.append(f"{v[table.unique]} not in (select id from duplicate)")
    if table.name == "episode":
        conditions.append(f"not {_ends_before(v)}")
    if table.child:
        conditions.append("coalesce(p.episode_nr, 0) > 0")
    return [f"coalesce({c}, false)" if " in " in c else f"({c})" for c in conditions]


def _in(column: Column) -> str:
    return "(" + ", ".join(quoted(x) if isinstance(x, str) else str(x) for x in column.listed) + ")"


def _ends_before(v: dict[str, str]) -> str:
    start, end = v["innDatoTid"], v["utDatoTid"]
    return f"coalesce({end}::date < {start}::date or (k{start} and k{end} and {end} < {start}), false)"


def _faults(
    table: Table, readers: dict[Column, tuple[str, Parsed]], v: dict[str, str], duplicates: bool
) -> list[str]:
    """One expression per possible fault, in the order of precedence: the fault, or NULL."""
    missing, unparsable, unlisted, rest = [], [], [], []
    for column, (g, reader) in readers.items():
        value = v[column.name]
        if column.need == VALUE:
            missing.append(
                _fault("missing_required", column.name, "null", f"{value} is null and not ({reader.present})")
            )
            if not reader.certain:
                condition = f"{value} is null and {reader.present}"
                unparsable.append(_fault("unparsable_required", column.name, g, condition))
        if column.listed:
            unlisted.append(_fault("value_not_listed", column.name, g, f"{value} not in {_in(column)}"))
    if duplicates:
        key = v[table.unique]
        rest.append(_fault("duplicate_id", table.unique, key, f"{key} in (select id from duplicate)"))
    if table.name == "episode":
        g = readers[table.column("utDatoTid")][0]
        rest.append(_fault("ends_before_start", "utDatoTid", g, _ends_before(v)))
    if table.child:
        parent = "p.episode_nr"
        rest.append(_fault("parent_absent", "episodeID", "v0", f"v0 is not null and {parent} is null"))
        rest.append(_fault("parent_quarantined", "episodeID", "v0", f"{parent} = {QUARANTINED_PARENT}"))
    return missing + unparsable + unlisted + rest


def _fault(reason: str, column: str, value: str, condition: str) -> str:
    return (
        f"case when {condition} then {{'reason': {quoted(reason)}, 'column_name': {quoted(column)}, "
        f"'value': ({value})::varchar}} end"
    )


def _unparsed(readers: dict[Column, tuple[str, Parsed]], v: dict[str, str]) -> list[tuple[str, str]]:
    """For each column whose value may be missing: when something is there that is no value, and the entry."""
    found = []
    for column, (g, reader) in readers.items():
        if column.need == VALUE or reader.certain:
            continue
        value = v[column.name]
        condition = f"(case when {value} is not null or {g} is null then false else {reader.present} end)"
        found.append((condition, f"{{'column_name': {quoted(column.name)}, 'value': {g}::varchar}}"))
    return found


def _has_padded_ids(con: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether ids that were looked up as delivered and not found have white space around them."""
    return con.execute(
        f"""select count(*) > 0 from (select unnest(fault.faults) as f from landing.{table.name} where {_IS_BAD})
        where f.reason = 'parent_absent' and {trimmed("f.value")} is distinct from f.value"""
    ).fetchone()[0]


def _file_ragged(con: duckdb.DuckDBPyConnection, table: Table, source: Source) -> None:
    """Rows with another number of fields go to quarantine as text."""
    expected = len(source.columns)
    ragged = pa.table(
        {
            "line": pa.array([r.line for r in source.ragged], pa.int64()),
            "value": [f"{r.fields} fields, the header has {expected}" for r in source.ragged],
            "content": [json.dumps(r.text, ensure_ascii=False) for r in source.ragged],
        }
    )
    con.register("ragged_rows", ragged)
    con.execute(
        f"""insert into landing.quarantine
        select '{table.name}', line, 'wrong_field_count', null, value, content, null from ragged_rows order by line"""
    )
    con.unregister("ragged_rows")


def _file_faults(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Move what is in column `fault` to its tables, take the bad rows out, and drop the column."""
    landing = f"landing.{table.name}"
    faulty = con.execute(f"select count(fault) from {landing}").fetchone()[0]
    if faulty:
        con.execute(
            f"""insert into landing.quarantine
            select '{table.name}', fault.line, fault.faults[1].reason, fault.faults[1].column_name,
                fault.faults[1].value, fault.content,
                nullif(array_to_string(list_transform(fault.faults[2:],
                    lambda f: f.reason || ' ' || f.column_name), ', '), '')
            from {landing} where {_IS_BAD} order by fault.line;
            insert into landing.unparsed
            select '{table.name}', line, u.column_name, u.value from (
                select fault.line as line, unnest(fault.unparsed) as u
                from {landing} where fault is not null and len(fault.faults) = 0) order by line, u.column_name"""
        )
        if table.name == "episode":
            con.execute(
                f"""insert into quarantined_episode
                select distinct "episodeID" from {landing} where {_IS_BAD} and "episodeID" is not null"""
            )
        con.execute(f"delete from {landing} where {_IS_BAD}")
    con.execute(f"alter table {landing} drop column fault")
