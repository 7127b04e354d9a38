"""Injected errors and their answer key, from the kinds of `error_kinds.csv`.

A row has at most one error. How often depends on the hospital and on the kind at the hospital; some kinds hit some
hospitals only, or begin in a later tertial. Part of the errors of a first delivery is corrected in the second.
The conditions and wrong values are SQL in the data file, over the columns of `candidate` (episodes), `hresept` or `enhet`.
"""

from typing import Any

import duckdb
import pyarrow as pa

from pipelines.generate import refs, tables

COPY_STEP = 1 << 45  # a copied episode's number is the original's plus this
_LISTS = {"conditions": "tilstand", "procedures": "prosedyre", "categories": "helseperson"}


def prepare(con: duckdb.DuckDBPyConnection, numbers: dict[str, Any]) -> None:
    """Create `error_rate`: the rate of each kind at each hospital."""
    tables.create(con, "error_rate", numbers)


def _kinds(con: duckdb.DuckDBPyConnection, *targets: str) -> list[dict]:
    return refs.rows(
        con, "select * from syn.error_kinds where list_contains(?, target) order by kind", [list(targets)]
    )


def choose(con: duckdb.DuckDBPyConnection, numbers: dict[str, Any]) -> None:
    """Create `error_row`: the errors of the chunk's episodes and dispensings, as far as they concern this delivery."""
    tables.create(con, "candidate", numbers, temp=True)
    found = [
        f"""select '{k["kind"]}' as kind, c.ep_nr as nr, c."episodeID" as row_id, c.hf, c.ek as k, c.in_tertial,
            ({k["original"] or "null"})::varchar as original,
            ({k["wrong"] if k["target"] == "episode" else "null"})::varchar as wrong
        from candidate as c inner join error_rate as r on r.hf = c.hf and r.kind = '{k["kind"]}'
        where ({k["eligible"]}) and c.tertial >= {k["from_tertial"]} and u(c.ek, '{k["kind"]}') < r.rate"""
        for k in _kinds(con, "episode", "copy", "orphan", *_LISTS)
    ]
    lines = [
        f"""select '{k["kind"]}' as kind, line_nr as nr, "utleveringID" as row_id, hresept.hf, lk as k, in_tertial,
            ({k["original"]})::varchar as original, ({k["wrong"] or "null"})::varchar as wrong
        from hresept inner join error_rate as r on r.hf = hresept.hf and r.kind = '{k["kind"]}'
        where ({k["eligible"]}) and u(lk, '{k["kind"]}') < r.rate"""
        for k in _kinds(con, "hresept")
    ]
    con.execute(f"create or replace temp table error_found as {' union all '.join(found + lines)}")
    tables.create(con, "error_row", numbers, temp=True)


def copy_episodes(con: duckdb.DuckDBPyConnection) -> None:
    """Errors that are an episode more: a double report, a stay split in two."""
    for k in _kinds(con, "copy"):
        own_id = '"episodeID"' not in k["wrong"]
        new_id = f", format('E{{:012X}}', ep_nr + {COPY_STEP}) as \"episodeID\"" if own_id else ""
        con.execute(f"""
            insert into episode
            select * exclude (until, other_file, tertial, code, course)
                replace (ep_nr + {COPY_STEP} as ep_nr{new_id}, {k["wrong"]})
            from candidate
            where ep_nr in (select nr from error_row where kind = '{k["kind"]}' and applies) order by ep_nr""")
        if k["also"]:
            con.execute(f"""
                update episode set {k["also"]}
                where ep_nr in (select nr from error_row where kind = '{k["kind"]}' and applies)""")
        if own_id:
            con.execute(f"""
                update error_row set wrong = row_id, original = row_id, row_id = format('E{{:012X}}', nr + {COPY_STEP})
                where kind = '{k["kind"]}'""")


def change_codes(con: duckdb.DuckDBPyConnection) -> None:
    """Errors in conditions, procedures and performers; children of an episode that is not in the file."""
    for k in _kinds(con, *_LISTS):
        column, wrong = k["target"], k["wrong"]
        also = f", {k['also']}" if k["also"] else ""
        con.execute(f"""
            create or replace temp table changed as
            select nr, array_to_string({column}, ' ') as original, array_to_string({wrong}, ' ') as wrong
            from coded inner join error_row on nr = ep_nr and kind = '{k["kind"]}'""")
        con.execute(f"""
            update coded set {column} = {wrong}{also}
            where ep_nr in (select nr from error_row where kind = '{k["kind"]}' and applies)""")
        con.execute(f"""
            update error_row set original = c.original, wrong = c.wrong
            from changed as c where c.nr = error_row.nr and error_row.kind = '{k["kind"]}'""")
    con.execute("""
        insert into coded
        select * replace ('X' || substr("episodeID", 2) as "episodeID")
        from coded where ep_nr in (select nr from error_row where target = 'orphan' and applies) order by ep_nr""")
    con.execute("""
        update error_row set original = row_id, row_id = 'X' || substr(row_id, 2), wrong = 'X' || substr(row_id, 2)
        where target = 'orphan'""")


def copy_lines(con: duckdb.DuckDBPyConnection) -> None:
    """Dispensings that are in the file twice."""
    con.execute("""
        insert into hresept select * from hresept
        where line_nr in (select nr from error_row where file = 'hresept' and applies and not patch) order by line_nr""")


def patched(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> str:
    """The SELECT of `episode` or `hresept` with wrong values in place; columns that can hold them are text."""
    kinds = _kinds(con, table)
    texts = {k["column_name"] for k in kinds} | {k["also"] for k in kinds}

    def shown(column: str) -> str:
        value = f't."{column}"'
        if column not in texts:
            return value
        text = f"strftime({value}, '%Y-%m-%dT%H:%M')" if column.endswith("DatoTid") else f"{value}::varchar"
        return f"if(p.column_name = '{column}' or p.also = '{column}', p.wrong, {text}) as \"{column}\""

    return f"""
        select {", ".join(map(shown, columns))}
        from {table} as t
        left join (select nr, column_name, also, wrong from error_row where file = '{table}' and applies and patch) as p
            on p.nr = t.{"ep_nr" if table == "episode" else "line_nr"}"""


def units(con: duckdb.DuckDBPyConnection, numbers: dict[str, Any]) -> tuple[str, pa.Table]:
    """The SELECT of `enhet` with its errors, and their part of the answer key."""
    first = numbers["delivery"] == 1 and numbers["tertial"] == 1
    found = " union all ".join(
        f"""select '{k["kind"]}' as kind, '{k["tier"]}' as tier, 'enhet' as file, '{k["column_name"]}' as column_name,
            "enhetID" as row_id, ({k["original"]})::varchar as original, ({k["wrong"] or "null"})::varchar as wrong, hf,
            {k["wrong"] is None} as twice
        from enhet inner join error_rate as r using (hf)
        where r.kind = '{k["kind"]}' and ({k["eligible"]}) and u(key_of({numbers["seed"]}, hash("enhetID")), r.kind) < r.rate
            and ({first} or u(key_of({numbers["seed"]}, hash("enhetID")), 'corrected') >= {numbers["corrected_error"]})"""
        for k in _kinds(con, "enhet")
    )
    con.execute(f"create temp table unit_error as {found} order by row_id")
    key = con.execute("""
        select kind, tier, file, row_id, column_name, original, wrong, hf, true as injected from unit_error order by row_id
    """).to_arrow_table()
    missing = """(select row_id from unit_error where not twice)"""
    return (
        f"""select e.* replace (if("enhetID" in {missing}, null, "isfRefusjon") as "isfRefusjon")
        from (select * from enhet union all select * from enhet where "enhetID" in (select row_id from unit_error where twice))
            as e
        order by "enhetID" """,
        key,
    )
