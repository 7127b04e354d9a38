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
from pipelines.quality import answer_store, catalogue, macro, measure

STAGE = "quality_result"
# What history needs of an earlier delivery's rows.
EARLIER = "check_id, row_type, row_key, sector, hf_orgnr, institution_id, unit_id, month, value, points_at_stake"
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
    with opened(
        home, delivery, unpublished=unpublished, threads=threads, memory_limit=memory_limit, folder=folder
    ) as con:
        macro.judge(con)
        counted = [model.name for model in needed(["unit_measure", "macro_result", "missing_part"], STAGE)]
        run(STAGE, con, only=counted)
        macro.limits(con)
        run(STAGE, con, only=[model.name for model in models(STAGE) if model.name not in counted])
        yield con


@contextlib.contextmanager
def opened(
    home: Path,
    delivery: str,
    *,
    unpublished: bool = False,
    threads: int = workspace.THREADS,
    memory_limit: str = "4GB",
    folder: Path = catalogue.FOLDER,
    history: bool = True,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with what judging reads: the measured tables, the settings, the answers, the earlier deliveries.
    Without `history` no row is compared with those of earlier deliveries, which are not read."""
    with contextlib.closing(workspace.connect(threads=threads, memory_limit=memory_limit)) as con:
        workspace.attach(con, homes.quality(home, delivery, unpublished=unpublished), "measured")
        workspace.show(con, "*", "measured")
        con.execute(f"create or replace view info as select *, {not unpublished} as is_published from measured.info")
        workspace.fill(con, "check_setting", catalogue.SETTING, catalogue.setting_rows(folder))
        answer_store.fill(con, home, delivery)
        _earlier(con, home, delivery, history=history)
        yield con


def macro_rows(con: duckdb.DuckDBPyConnection, *, judged: bool) -> None:
    """Make `macro_row` on an opened connection: with `judged` what stands out by statistics too, else only what is
    missing, which takes no time."""
    if judged:
        macro.judge(con)
    else:
        macro.nothing(con)
    run(STAGE, con, only=[model.name for model in needed(["macro_row"], STAGE)])


def _earlier(con: duckdb.DuckDBPyConnection, home: Path, delivery: str, *, history: bool) -> None:
    """The values of the last delivery and the last year, and the rows of this year's earlier deliveries, where they are
    measured; `unmeasured_delivery`: of the first two those that are not. `earlier_row.back`: how many deliveries ago,
    1 is the last. `earlier_error`: checks that failed to run on the last."""
    con.execute(f"""
        create table earlier_delivery (
            which varchar, delivery varchar, ruleset varchar, period_from date, period_to date);
        create table earlier_value as select cast(null as varchar) as which, * from macro_value limit 0;
        create table earlier_part as select cast(null as varchar) as which, * from part_week limit 0;
        create table earlier_row as select 0 as back, {EARLIER} from check_row limit 0;
        create table earlier_error as select check_id from check_error limit 0;""")
    known = measure.measured_before(home, delivery)
    asked = measure.compared_with(home, delivery)
    compared = {which: name for which, name in asked.items() if name in known}
    unmeasured = sorted({*asked.values()} - {*known})
    workspace.fill(con, "unmeasured_delivery", "delivery varchar", [(name,) for name in unmeasured])
    same_year = [name for name in reversed(known) if measure.order(name)[0] == measure.order(delivery)[0]]
    same_year = same_year if history else []
    for number, name in enumerate(sorted({*compared.values(), *same_year})):
        before = f"before_{number}"
        workspace.attach(con, homes.quality(home, name), before)
        for which in (which for which, other in compared.items() if other == name):
            con.execute(f"insert into earlier_value select ?, * from {before}.main.macro_value", [which])
            con.execute(f"insert into earlier_part select ?, * from {before}.main.part_week", [which])
            con.execute(
                "insert into earlier_delivery select ?, delivery, ruleset, period_from, period_to"
                f" from {before}.main.info",
                [which],
            )
        if name in same_year:
            back = same_year.index(name) + 1
            con.execute(
                f"insert into earlier_row by name select ? as back, {EARLIER} from {before}.main.check_row", [back]
            )
            if back == 1:
                con.execute(f"insert into earlier_error select check_id from {before}.main.check_error")
        con.execute(f"detach {before}")


def development(home: Path, delivery: str, *, unpublished: bool = False) -> list[dict[str, Any]]:
    """What each trust had at stake in each measured delivery up to this one, oldest first, with today's thresholds and
    answers: `delivery`, `hf_orgnr`, `nok_lost`, `nok_over`, `failing_rows`, and what they are compared by: `months`,
    `refund_nok`, `ruleset`."""
    found = []
    wanted = [model.name for model in needed(["hospital_result"], STAGE)]
    for name in [*measure.measured_before(home, delivery), delivery]:
        with opened(home, name, unpublished=unpublished and name == delivery, history=False) as con:
            run(STAGE, con, only=wanted)
            found += [
                {"delivery": name, **row}
                for row in workspace.rows(
                    con,
                    "select hf_orgnr, nok_lost, nok_over, points_lost, points_over, failing_rows, refund_nok,"
                    " datediff('month', period_from, period_to) + 1 as months, ruleset"
                    " from hospital_result cross join info order by hf_orgnr",
                )
            ]
    return found
