"""One table file into schema `landing`: every row is loaded or quarantined, none is lost.

What belongs here: the SQL that judges a row. A table is read in one pass, in two where ids repeat: a row without fault
costs its columns and nothing else; for the others a temporary column `fault` holds [line, faults, unparsed columns, row
as delivered] as JSON, until they are moved to `landing.quarantine` and `landing.unparsed`.
Source of the rules: `docs/delivery.md`.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from pipelines.delivery.contract import IDS, REPEATED_HOUR, SUMMER_TIME_ENDS, TIMES, VALUE, Column, Table
from pipelines.delivery.source import ReadAgain, Source, first_row, relation
from pipelines.delivery.values import (
    SPACES,
    always_parses,
    clean,
    ends_its_date,
    name,
    parse,
    quoted,
    read_code,
    time_known,
)
from pipelines.engine.workspace import make_plain

_JSON_TYPES = {
    "VARCHAR",
    "DATE",
    "BOOLEAN",
    "TIMESTAMP",
    "DOUBLE",
    "INTEGER",
    "BIGINT",
    "SMALLINT",
    "TINYINT",
}
_LINE, _FAULTS = "(fault ->> 0)::bigint", "(fault ->> 1)"
_UNPARSED, _CONTENT = "(fault ->> 2)", "(fault -> 3)"
_IS_BAD = f"fault is not null and {_FAULTS} <> ''"
_IS_UNPARSED = f"fault is not null and {_FAULTS} = ''"
# What a row is found by: its own id or its parent's, and its patient's.
_ROW_IDS, _PATIENT_IDS = ("episodeID", "utleveringID", "enhetID"), ("pasientID",)
QUARANTINED_PARENT = -1  # stands for the number of an episode that was quarantined


def create_empty(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The landing table of a file that was not delivered."""
    columns = ", ".join(f"{name(column)} {kind}" for column, kind in _columns(table).items())
    con.execute(f"create table landing.{table.name} ({columns})")


def load_table(con: duckdb.DuckDBPyConnection, table: Table, source: Source) -> None:
    """Create and fill `landing.<table>`, and file what did not go in. Raises Unreadable if it is damaged."""
    try:
        _fill(con, table, source)
    except ReadAgain:
        _fill(con, table, source)
    if source.ragged:
        _file_ragged(con, table, source)
    _file_faults(con, table)


def _fill(con: duckdb.DuckDBPyConnection, table: Table, source: Source) -> None:
    """Create the landing table with its column `fault`."""
    with relation(source, con) as rows:
        _make(con, table, _select(table, source, rows(), False, trim_id=not table.child))
        if table.child and not source.trimmed and _has_padded_ids(con, table):
            _make(con, table, _select(table, source, rows(), False, trim_id=True))
        # Hardly a delivery repeats an id, so it is looked for in what was read; one that does is read once more.
        if table.key and _find_duplicates(con, table, table.key):
            _make(con, table, _select(table, source, rows(), True, trim_id=True))


def _make(con: duckdb.DuckDBPyConnection, table: Table, select: str) -> None:
    make_plain(con, f"landing.{table.name}", select, IDS, {**_columns(table), "fault": "JSON"})


def _columns(table: Table) -> dict[str, str]:
    """Names and types of the landing table."""
    return {column: kind for _, column, kind in _landing(table)}


def _landing(table: Table) -> Iterator[tuple[str, str, str]]:
    """The columns of the landing table: what of a row (`_Row`) it holds, its name and its type."""
    if table.name == "episode":
        yield "nr", "episode_nr", "BIGINT"
    elif table.child:
        yield "p.episode_nr", "episode_nr", "BIGINT"
    for i, column in enumerate(table.columns):
        if not (table.child and i == 0):
            yield f"v{i}", column.name, column.type
        time = column.name.removesuffix("DatoTid")
        if column.kind in TIMES:
            yield f"k{i}", f"{time}TidKjent", "BOOLEAN"
        if column.kind == "end":
            yield f"m{i}", f"{time}Kl24", "BOOLEAN"


def _find_duplicates(con: duckdb.DuckDBPyConnection, table: Table, key: Column) -> bool:
    """Fill the temporary table `duplicate` with the ids that occur more than once. Whether there are any."""
    (found,) = first_row(
        con,
        f"""create or replace temp table duplicate as
        select {name(key.name)} as id from landing.{table.name}
        where id is not null group by id having count(*) > 1""",
    )
    return found > 0


class _Row:
    """The expressions of one table's row. `t<i>`: the cleaned value of contract column i, `v<i>`: its typed
    value, `k<i>`: whether its time of day is known, `m<i>`: whether it is the midnight that ends its date; `g<j>`:
    delivered column j as it came."""

    def __init__(self, table: Table, source: Source, trim_id: bool):
        self.table = table
        self.given = [f"{d.raw} as g{j}" for j, d in enumerate(source.columns)]
        self.cleaned: list[str] = []
        self.parsed: list[str] = []
        self.known: list[str] = []
        self.certain: set[str] = set()
        self.value = {c.name: f"v{i}" for i, c in enumerate(table.columns)}
        self.present = {c.name: f"t{i} is not null" for i, c in enumerate(table.columns)}
        for i, column in enumerate(table.columns):
            self._add(i, column, source, trim_id)

    def _add(self, i: int, column: Column, source: Source, trim_id: bool) -> None:
        delivered = source.column(column.name)
        if delivered is None:
            self.parsed.append(f"null::{column.type} as v{i}")
            self.certain.add(column.name)
            if column.kind in TIMES:
                self.known.append(f"false as k{i}, false as m{i}")
            return
        g = f"g{source.columns.index(delivered)}"
        is_id_as_given = not trim_id and column.name == self.table.columns[0].name and delivered.type == "VARCHAR"
        if source.trimmed or is_id_as_given:
            self.given.append(f"{delivered.value} as t{i}")
        elif column.kind in ("code", "icd10") and delivered.type == "VARCHAR":
            self.present[column.name] = f"({clean(delivered.type, g)}) is not null"
            self.parsed.append(f"{read_code(column, g)} as v{i}")
            self.certain.add(column.name)
            return
        else:
            self.cleaned.append(f"{clean(delivered.type, g)} as t{i}")
        self.parsed.append(f"{parse(column, delivered.type, f't{i}')} as v{i}")
        if column.kind in TIMES:
            self.known.append(f"{time_known(delivered.type, f't{i}', f'v{i}')} as k{i}")
        if column.kind == "end":
            self.known.append(f"{ends_its_date(delivered.type, f't{i}', f'v{i}')} as m{i}")
        if always_parses(column, delivered.type):
            self.certain.add(column.name)

    def may_fail(self, required: bool) -> list[Column]:
        """The columns whose value may be there and yet be none."""
        return [c for c in self.table.columns if (c.need == VALUE) == required and c.name not in self.certain]


def _select(table: Table, source: Source, rows: str, duplicates: bool, trim_id: bool) -> str:
    """The rows of a landing table, with its column `fault`."""
    row = _Row(table, source, trim_id)
    parents = ""
    if table.child:
        parents = f"""left join (
            select "episodeID" as id, episode_nr from landing.episode
            union all select id, {QUARANTINED_PARENT} from quarantined_episode) p on p.id = v0"""
    unparsed = [
        f"case when {row.value[c.name]} is null and {row.present[c.name]} then {quoted(c.name)} end"
        for c in row.may_fail(required=False)
    ]
    content = ", ".join(
        f"{quoted(d.name)}, g{j}{'' if d.type in _JSON_TYPES else '::varchar'}" for j, d in enumerate(source.columns)
    )
    return f"""with given as (select {source.nr} as nr, {source.line} as line, {", ".join(row.given)} from {rows}),
    cleaned as (select {", ".join(["*", *row.cleaned])} from given),
    parsed as (select {", ".join(["*", *row.parsed])} from cleaned),
    timed as (select {", ".join(["*", *row.known])} from parsed)
    select {", ".join(f"{value} as {name(column)}" for value, column, _ in _landing(table))},
        case when {" and ".join(_clean(row, duplicates))} then null else json_array(
            line,
            concat_ws(',', {", ".join(_faults(row, duplicates))}),
            concat_ws(',', {", ".join(unparsed) or "''"}),
            json_object({content})
        ) end as fault
    from timed {parents}"""


def _clean(row: _Row, duplicates: bool) -> list[str]:
    """Conditions that are all true of a row without fault, and not otherwise."""
    table, v = row.table, row.value
    conditions = [f"{v[c.name]} is not null" for c in table.columns if c.need == VALUE]
    conditions += [f"{v[c.name]} in {_list(c)}" for c in table.columns if c.listed]
    conditions += [f"({v[c.name]} is not null or not {row.present[c.name]})" for c in row.may_fail(required=False)]
    if duplicates and table.key:
        conditions.append(f"{v[table.key.name]} not in (from duplicate)")
    if table.name == "episode":
        conditions.append(f"not {_ends_before(v)}")
    if table.child:
        conditions.append("p.episode_nr > 0")
    return conditions


def _list(column: Column) -> str:
    return "(" + ", ".join(quoted(x) if isinstance(x, str) else str(x) for x in column.listed or ()) + ")"


def _ends_before(v: dict[str, str]) -> str:
    """Whether the end lies before the start: by date, and by time where both times of day are known."""
    start, end = v["innDatoTid"], v["utDatoTid"]
    summer_time_ends = (
        f"month({start}) = {SUMMER_TIME_ENDS['month']} and isodow({start}) = {SUMMER_TIME_ENDS['isodow']} "
        f"and day({start}) >= {SUMMER_TIME_ENDS['from_day']}"
    )
    in_hour = " and ".join(
        f"{t}::time between time '{REPEATED_HOUR[0]}' and time '{REPEATED_HOUR[1]}'" for t in (start, end)
    )
    return (
        f"case when {end} >= {start} or {end} is null then false when {end}::date < {start}::date then true "
        f"when m{end[1:]} or not (k{start[1:]} and k{end[1:]}) then false "
        f"else not ({summer_time_ends} and {in_hour}) end"
    )


def _faults(row: _Row, duplicates: bool) -> list[str]:
    """One expression per possible fault, in the order of precedence: `reason column`, or NULL."""
    table, v = row.table, row.value
    required = [c for c in table.columns if c.need == VALUE]
    found = [("missing_required", c.name, f"not {row.present[c.name]}") for c in required]
    found += [
        ("unparsable_required", c.name, f"{v[c.name]} is null and {row.present[c.name]}")
        for c in row.may_fail(required=True)
    ]
    found += [("value_not_listed", c.name, f"{v[c.name]} not in {_list(c)}") for c in table.columns if c.listed]
    if duplicates and table.key:
        found.append(("duplicate_id", table.key.name, f"{v[table.key.name]} in (from duplicate)"))
    if table.name == "episode":
        found.append(("ends_before_start", "utDatoTid", _ends_before(v)))
    if table.child:
        found.append(("parent_absent", "episodeID", "v0 is not null and p.episode_nr is null"))
        found.append(("parent_quarantined", "episodeID", f"p.episode_nr = {QUARANTINED_PARENT}"))
    return [f"case when {condition} then '{reason} {column}' end" for reason, column, condition in found]


def _has_padded_ids(con: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether ids that were looked up as delivered and not found have white space around them."""
    delivered = f"({_CONTENT} ->> '$.episodeID')"
    (found,) = first_row(
        con,
        f"""select count(*) > 0 from landing.{table.name}
        where {_IS_BAD} and contains({_FAULTS}, 'parent_absent')
        and ({clean("VARCHAR", delivered)}) is distinct from {delivered}""",
    )
    return found


def _file_ragged(con: duckdb.DuckDBPyConnection, table: Table, source: Source) -> None:
    """Rows with another number of fields go to quarantine as text, and are found by what stands where the header has
    the ids."""
    con.register("ragged_rows", pa.concat_tables(source.ragged))
    header = [column.name for column in source.columns]
    fields = {column: f"split_part(content ->> '$', ';', {place})" for place, column in enumerate(header, 1)}
    ids = [_first_id([fields[one] for one in names if one in fields], '"') for names in (_ROW_IDS, _PATIENT_IDS)]
    con.execute(
        f"""insert into landing.quarantine
        select '{table.name}', line, 'wrong_field_count', null,
            fields || ' fields, the header has {len(header)}', content, null,
            {", ".join(ids)}
        from ragged_rows order by line"""
    )
    con.unregister("ragged_rows")


def _first_id(values: list[str], around: str = "") -> str:
    """The first of the texts that is one, without the white space and the marks around it; NULL without any."""
    trimmed = [f"nullif(trim({value}, {quoted(SPACES + around)}), '')" for value in values]
    return f"coalesce({', '.join(['null', *trimmed])})"


def _file_faults(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Move what is in column `fault` to its tables, take the bad rows out, and drop the column."""
    landing = f"landing.{table.name}"
    bad, unparsed = first_row(
        con, f"select count(*) filter ({_IS_BAD}), count(*) filter ({_IS_UNPARSED}) from {landing}"
    )
    if bad:
        # As they were read, where they were: a number as text has other digits in the row as it came.
        own = [c.name for c in table.columns if c.name in (*_ROW_IDS, *_PATIENT_IDS) and c.name in _columns(table)]
        ids = [
            _first_id([*(name(one) for one in own if one in names), *(f"content ->> '$.{one}'" for one in names)])
            for names in (_ROW_IDS, _PATIENT_IDS)
        ]
        con.execute(
            f"""insert into landing.quarantine
            with bad as (
                select {", ".join([*map(name, own), f"{_LINE} as line"])}, {_FAULTS} as faults, {_CONTENT} as content
                from {landing} where {_IS_BAD})
            select '{table.name}', line, split_part(first, ' ', 1), split_part(first, ' ', 2) as column_name,
                content ->> ('$.' || column_name), content, nullif(faults[len(first) + 2:], ''),
                {", ".join(ids)}
            from (select *, split_part(faults, ',', 1) as first from bad) order by line"""
        )
    if unparsed:
        key = name(table.key.name) if table.key else "null::varchar"
        con.execute(
            f"""insert into landing.unparsed
            with entries as (
                select {_LINE} as line, {_CONTENT} as content, {key} as row_key,
                    unnest(string_split({_UNPARSED}, ',')) as column_name
                from {landing} where {_IS_UNPARSED})
            select '{table.name}', line, column_name, content ->> ('$.' || column_name), row_key
            from entries order by line, column_name"""
        )
    if bad and table.name == "episode":
        con.execute(
            f"""insert into quarantined_episode
            select distinct "episodeID" from {landing} where {_IS_BAD} and "episodeID" is not null"""
        )
    if bad:
        con.execute(f"delete from {landing} where {_IS_BAD}")
    con.execute(f"alter table {landing} drop column fault")
