"""Injected errors and their answer key, from the kinds of `error_kinds.csv`.

A row has at most one error. How often depends on the hospital and on the kind at the hospital; some kinds
hit some hospitals only, or begin in a later tertial. Part of the errors of a first delivery is corrected in
the second. Conditions and wrong values are SQL in the data file, over the columns of `candidate` (finished
episodes), `coded` (their codes), `hresept` or `enhet`.
"""

from typing import Any

import duckdb
import pyarrow as pa

from pipelines.generate import refs, tables

COPY_STEP = 1 << 45  # a copied episode's number is the original's plus this
_LISTS = {"conditions": "tilstand", "procedures": "prosedyre", "categories": "helseperson"}


def _kinds(con: duckdb.DuckDBPyConnection, *targets: str) -> list[dict]:
    sql = "select * from syn.error_kinds where list_contains(?, target) order by kind"
    return refs.rows(con, sql, [list(targets)])


def choose(con: duckdb.DuckDBPyConnection, numbers: dict[str, Any]) -> None:
    """Create `error_row`: the errors of the chunk's episodes and dispensings that concern this delivery."""
    tables.create(con, "candidate", numbers, temp=True)
    found = [
        f"""
        select '{k["kind"]}' as kind, c.ep_nr as nr, c."episodeID" as row_id, c.hf, c.ek as k, c.in_tertial,
            ({k["original"] or "null"})::varchar as original,
            ({k["wrong"] if k["target"] == "episode" else "null"})::varchar as wrong
        from candidate as c
        inner join error_rate as r on r.hf = c.hf and r.kind = '{k["kind"]}'
        where ({k["eligible"]}) and c.tertial >= {k["from_tertial"]} and u(c.ek, '{k["kind"]}') < r.rate"""
        for k in _kinds(con, "episode", "copy", "drop", "orphan", *_LISTS)
    ]
    lines = [
        f"""
        select '{k["kind"]}' as kind, h.line_nr as nr, h."utleveringID" as row_id, h.hf, h.lk as k,
            h.in_tertial,
            ({k["original"]})::varchar as original, ({k["wrong"] or "null"})::varchar as wrong
        from hresept as h
        inner join error_rate as r on r.hf = h.hf and r.kind = '{k["kind"]}'
        where ({k["eligible"]}) and u(h.lk, '{k["kind"]}') < r.rate"""
        for k in _kinds(con, "hresept")
    ]
    con.execute(f"create or replace temp table error_found as {' union all '.join(found + lines)}")
    tables.create(con, "error_row", numbers, temp=True)


def _hit(kind: str) -> str:
    """Numbers of the rows that have the error in this delivery, as a subquery."""
    return f"(select nr from error_row where kind = '{kind}' and applies)"


def copy_rows(con: duckdb.DuckDBPyConnection) -> None:
    """Errors that are a row more (a double report, a stay split in two, a dispensing twice) or a row less."""
    for k in _kinds(con, "copy"):
        own_id = '"episodeID"' not in k["wrong"]
        new_id = f", format('E{{:012X}}', ep_nr + {COPY_STEP}) as \"episodeID\"" if own_id else ""
        con.execute(f"""
            insert into episode
            select * exclude (until, other_file, tertial, code, course)
                replace (ep_nr + {COPY_STEP} as ep_nr{new_id}, {k["wrong"]})
            from candidate where ep_nr in {_hit(k["kind"])} order by ep_nr""")
        if k["also"]:
            con.execute(f"update episode set {k['also']} where ep_nr in {_hit(k['kind'])}")
        if own_id:
            con.execute(f"""
                update error_row set wrong = row_id, original = row_id,
                    row_id = format('E{{:012X}}', nr + {COPY_STEP})
                where kind = '{k["kind"]}'""")
    for k in _kinds(con, "drop"):
        con.execute(f"delete from episode where ep_nr in {_hit(k['kind'])}")
    for k in _kinds(con, "hresept"):
        if k["wrong"] is None:
            con.execute(f"""
                insert into hresept
                select * from hresept where line_nr in {_hit(k["kind"])} order by line_nr""")


def change_codes(con: duckdb.DuckDBPyConnection) -> None:
    """Errors in conditions, procedures and performers; children of an episode that is not in the file."""
    for k in _kinds(con, *_LISTS):
        column, wrong = k["target"], k["wrong"]
        con.execute(f"""
            create or replace temp table changed as
            select nr, array_to_string({column}, ' ') as original, array_to_string({wrong}, ' ') as wrong
            from coded inner join error_row on nr = ep_nr and kind = '{k["kind"]}'""")
        also = f", {k['also']}" if k["also"] else ""
        con.execute(f"update coded set {column} = {wrong}{also} where ep_nr in {_hit(k['kind'])}")
        con.execute(f"""
            update error_row set original = c.original, wrong = c.wrong
            from changed as c where c.nr = error_row.nr and error_row.kind = '{k["kind"]}'""")
        con.execute(f"delete from error_row where kind = '{k['kind']}' and wrong = original")
    for k in _kinds(con, "orphan"):
        con.execute(f"""
            insert into coded
            select * replace ('X' || substr("episodeID", 2) as "episodeID")
            from coded where ep_nr in {_hit(k["kind"])} order by ep_nr""")
        con.execute(f"""
            update error_row set original = row_id, wrong = 'X' || substr(row_id, 2),
                row_id = 'X' || substr(row_id, 2)
            where kind = '{k["kind"]}'""")


def patched(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> str:
    """The SELECT of `episode` or `hresept` with wrong values in place; their columns are text."""
    kinds = _kinds(con, table)
    texts = {k["column_name"] for k in kinds} | {k["also"] for k in kinds}

    def shown(column: str) -> str:
        value = f't."{column}"'
        if column not in texts:
            return value
        text = f"{value}::varchar"
        if column.endswith("DatoTid"):
            text = f"strftime({value}, '%Y-%m-%dT%H:%M')"
        return f"if(p.column_name = '{column}' or p.also = '{column}', p.wrong, {text}) as \"{column}\""

    return f"""
        select {", ".join(map(shown, columns))}
        from {table} as t
        left join (
            select nr, column_name, also, wrong from error_row
            where file = '{table}' and applies and patch
        ) as p on p.nr = t.{"ep_nr" if table == "episode" else "line_nr"}"""


def choose_units(con: duckdb.DuckDBPyConnection, numbers: dict[str, Any]) -> None:
    """Create `unit_error`, the errors in `enhet`; only the first delivery has those that are corrected."""
    found = [
        f"""
        select '{k["kind"]}' as kind, '{k["tier"]}' as tier, '{k["column_name"]}' as column_name,
            e."enhetID" as row_id, e.hf, ({k["original"]})::varchar as original,
            ({k["wrong"] or "null"})::varchar as wrong, {k["wrong"] is None} as twice,
            key_of({numbers["seed"]}, hash(e."enhetID")) as k
        from enhet as e
        inner join error_rate as r on r.hf = e.hf and r.kind = '{k["kind"]}'
        where ({k["eligible"]}) and u(key_of({numbers["seed"]}, hash(e."enhetID")), r.kind) < r.rate"""
        for k in _kinds(con, "enhet")
    ]
    con.execute(f"create temp table unit_found as {' union all '.join(found)}")
    tables.create(con, "unit_error", numbers, temp=True)


def units(con: duckdb.DuckDBPyConnection, numbers: dict[str, Any]) -> dict[str, pa.Table]:
    """`enhet` with its errors, and their part of the answer key and of the changes."""
    choose_units(con, numbers)
    made = {"enhet": tables.query(con, "enhet_with_errors").to_arrow_table()}
    made["fasit"] = con.execute("""
        select kind, tier, 'enhet' as file, row_id, column_name, original, wrong, hf, true as injected
        from unit_error where applies order by row_id""").to_arrow_table()
    if numbers["delivery"] == 2:
        made["endringer"] = con.execute("""
            select 'enhet' as file, row_id, 'error_corrected' as change, kind, column_name,
                wrong as former_value, original as value, hf
            from unit_error where corrected order by row_id""").to_arrow_table()
    return made
