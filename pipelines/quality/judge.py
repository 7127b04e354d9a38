"""Judging: thresholds, answers and comparison with earlier deliveries, on what `measure` found.

Runs `sql/quality_result` in memory over the result database, which stays as it is; so another threshold or a new
answer needs no new measurement.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import models, needed, run
from pipelines.quality import answers, catalogue, measure, statistics

STAGE = "quality_result"
STATUSES = ("error", "not_applicable", "fail", "pass_with_rows", "pass")  # in order of precedence


@contextlib.contextmanager
def judged(
    home: Path,
    delivery: str,
    *,
    unpublished: bool = False,
    threads: int = workspace.THREADS,
    memory_limit: str = "4GB",
    folder: Path = catalogue.FOLDER,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the measured tables and the judged ones: `counted_row`, `unit_result`, `macro_result`,
    `hospital_result`. `folder`: the catalogue; `unpublished`: see `measure`."""
    with contextlib.closing(workspace.connect(threads=threads, memory_limit=memory_limit)) as con:
        workspace.attach(con, homes.quality(home, delivery, unpublished=unpublished), "measured")
        workspace.show(con, "*", "measured")
        con.execute(f"create or replace view info as select *, {not unpublished} as is_published from measured.info")
        workspace.fill(con, "check_setting", catalogue.SETTING, catalogue.setting_rows(folder))
        answers.fill(con, home)
        _earlier(con, home, delivery)
        statistics.judge(con)
        counted = [model.name for model in needed(["unit_measure", "macro_result", "missing_part"], STAGE)]
        run(STAGE, con, only=counted)
        statistics.limits(con)
        run(STAGE, con, only=[model.name for model in models(STAGE) if model.name not in counted])
        yield con


def _earlier(con: duckdb.DuckDBPyConnection, home: Path, delivery: str) -> None:
    """The last delivery's rows and the values of the last delivery and the last year, where they are measured."""
    con.execute("""
        create table earlier_delivery (which varchar, delivery varchar);
        create table earlier_value as select cast(null as varchar) as which, * from macro_value limit 0;
        create table earlier_part as select cast(null as varchar) as which, * from part_week limit 0;
        create table earlier_row as select check_id, row_type, row_key, month from check_row limit 0;""")
    for which, name in measure.compared_with(home, delivery).items():
        path = homes.quality(home, name)
        if not path.is_file():
            continue
        earlier = f"before_{which}"
        workspace.attach(con, path, earlier)
        con.execute(f"insert into earlier_value select ?, * from {earlier}.main.macro_value", [which])
        con.execute(f"insert into earlier_part select ?, * from {earlier}.main.part_week", [which])
        if which == "delivery":
            con.execute("insert into earlier_delivery values (?, ?)", [which, name])
            con.execute(
                "insert into earlier_row"
                f" select distinct check_id, row_type, row_key, month from {earlier}.main.check_row"
            )


def development(home: Path, delivery: str, *, unpublished: bool = False) -> list[dict[str, Any]]:
    """What each trust had at stake in each measured delivery up to this one, oldest first, with today's thresholds and
    answers: `delivery`, `hf_orgnr`, `nok_lost`, `nok_over`, `failing_rows`."""
    found = []
    for name in [*measure.earlier_deliveries(home, delivery), delivery]:
        apart = unpublished and name == delivery
        if homes.quality(home, name, unpublished=apart).is_file():
            with judged(home, name, unpublished=apart) as con:
                found += [
                    {"delivery": name, **row}
                    for row in workspace.rows(
                        con,
                        "select hf_orgnr, nok_lost, nok_over, points_lost, points_over, failing_rows"
                        " from hospital_result order by hf_orgnr",
                    )
                ]
    return found
