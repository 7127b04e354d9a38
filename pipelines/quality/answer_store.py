"""Where answers are kept: `<home>/quality/answers.duckdb`, one per check, row, hospital and reported value; of a
measure (a macro finding) one per delivery too, for it is answered anew in each.
"""

import contextlib
from pathlib import Path

import duckdb

from pipelines.engine import workspace
from pipelines.engine.workspace import attach, building, connect, finish, rows
from pipelines.quality.measure import order

NAMES = ("check_id", "row_type", "row_key", "hf_orgnr", "value", "answer", "answer_comment", "delivery")
MEASURE = "maling"  # the type of a row that is a trust's, an institution's or a department's measure
_COLUMNS = ", ".join(f"{name} varchar" for name in NAMES)


def database(home: Path) -> Path:
    return home / "quality" / "answers.duckdb"


def fill(con: duckdb.DuckDBPyConnection, home: Path, delivery: str) -> None:
    """`given_answer`: the latest answer per check, row, hospital and value, of a measure that of each delivery.
    `position` of the delivery that was answered: 0 is `delivery`, those before it are less, those after it more."""
    con.execute(f"create or replace temp table given_answer ({_COLUMNS}, position integer)")
    path = database(home)
    if path.is_file():
        attach(con, path, "given")
        columns = [row["column_name"] for row in rows(con, "describe given.main.answer")]
        comment = "answer_comment" if "answer_comment" in columns else "comment"
        # One answer per row, whatever the file holds: an answer that is there twice would count its money twice.
        workspace.fill(con, "answered_delivery", "delivery varchar, position integer", _positions(con, delivery))
        con.execute(f"""insert into given_answer
            select check_id, row_type, row_key, hf_orgnr, value, answer, {comment}, delivery, position
            from given.main.answer left join answered_delivery using (delivery)
            qualify row_number() over (
                partition by check_id, row_type, row_key, hf_orgnr, value, if(row_type = '{MEASURE}', delivery, null)
                order by answer.rowid desc) = 1""")
        con.execute("detach given")


def _positions(con: duckdb.DuckDBPyConnection, delivery: str) -> list[tuple[str, int]]:
    """The answered deliveries with their places before and after this one."""
    answered = con.execute("select distinct delivery from given.main.answer where delivery is not null").fetchall()
    names = sorted({delivery, *(name for (name,) in answered)}, key=lambda name: (order(name), name))
    return [(name, place - names.index(delivery)) for place, name in enumerate(names)]


def store(con: duckdb.DuckDBPyConnection, home: Path, delivery: str) -> None:
    """Write the answers anew, those taken in place of earlier ones about the same rows; whole or not at all."""
    con.execute(
        f"""create temp table kept_answer as
        select {", ".join(NAMES)} from given_answer
        anti join (select check_id, row_type, row_key, hf_orgnr from answer_judged where outcome = 'taken') as anew
            on anew.check_id = given_answer.check_id and anew.row_type = given_answer.row_type
            and anew.row_key = given_answer.row_key and anew.hf_orgnr = given_answer.hf_orgnr
            and (given_answer.row_type <> '{MEASURE}' or given_answer.delivery = $1)
        union all by name
        select *, cast($1 as varchar) as delivery from answer_taken""",
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
