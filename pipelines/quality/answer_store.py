"""Where answers are kept: `<home>/quality/answers.duckdb`, one per check, row, hospital and reported value."""

import contextlib
from pathlib import Path

import duckdb

from pipelines.engine.workspace import attach, building, connect, finish, rows

NAMES = ("check_id", "row_type", "row_key", "hf_orgnr", "value", "answer", "answer_comment", "delivery")
_COLUMNS = ", ".join(f"{name} varchar" for name in NAMES)


def database(home: Path) -> Path:
    return home / "quality" / "answers.duckdb"


def fill(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    """`given_answer`: the latest answer per check, row, hospital and value."""
    con.execute(f"create or replace temp table given_answer ({_COLUMNS})")
    path = database(home)
    if path.is_file():
        attach(con, path, "given")
        columns = [row["column_name"] for row in rows(con, "describe given.main.answer")]
        comment = "answer_comment" if "answer_comment" in columns else "comment"
        # One answer per row, whatever the file holds: an answer that is there twice would count its money twice.
        con.execute(f"""insert into given_answer
            select check_id, row_type, row_key, hf_orgnr, value, answer, {comment}, delivery from given.main.answer
            qualify row_number() over (
                partition by check_id, row_type, row_key, hf_orgnr, value order by rowid desc) = 1""")
        con.execute("detach given")


def store(con: duckdb.DuckDBPyConnection, home: Path, delivery: str) -> None:
    """Write the answers anew, those taken in place of earlier ones about the same rows; whole or not at all."""
    con.execute(
        """create temp table kept_answer as
        select * from given_answer
        anti join (select check_id, row_type, row_key, hf_orgnr from answer_judged where outcome = 'taken') as anew
            using (check_id, row_type, row_key, hf_orgnr)
        union all by name
        select *, cast(? as varchar) as delivery from answer_taken""",
        [delivery],
    )
    with building(database(home)) as (path, put_in_place):
        target = connect(path)
        with contextlib.closing(target):
            path.chmod(0o600)
            target.execute(f"create table answer ({_COLUMNS})")
            kept = con.execute(f"select {', '.join(NAMES)} from kept_answer order by all").to_arrow_table()
            target.register("kept", kept)
            target.execute("insert into answer select * from kept")
            target.unregister("kept")
            finish(target, path)
        put_in_place()
