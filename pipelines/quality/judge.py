"""Judging: thresholds, answers and comparison with earlier deliveries, on what `measure` found.

Runs the SQL of `sql/quality_result/` in memory over the result database, which stays as it is; so another
threshold or a new answer needs no new measurement.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine.models import models
from pipelines.engine.workspace import attach, connect
from pipelines.quality import answers, catalogue, measure

STAGE = "quality_result"
STATUSES = ("error", "not_applicable", "fail", "pass_with_rows", "pass")  # in order of precedence
_CARRIED = (
    "check_row", "check_denominator", "macro_value", "check_error", "hospital", "known_unit", "nok_per_point",
    "input_file",
)  # fmt: skip


@contextlib.contextmanager
def judged(
    home: Path,
    delivery: str,
    *,
    unpublished: bool = False,
    threads: int = 2,
    memory_limit: str = "4GB",
    folder: Path = catalogue.FOLDER,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the measured tables and the judged ones: `counted_row`, `unit_result`, `macro_result`,
    `hospital_result`. `folder`: the catalogue; `unpublished`: see `measure`."""
    with contextlib.closing(connect(threads=threads, memory_limit=memory_limit)) as con:
        attach(con, measure.database(home, delivery, unpublished=unpublished), "measured")
        for name in _CARRIED:
            con.execute(f"create view {name} as select * from measured.main.{name}")
        con.execute(f"create view info as select *, {not unpublished} as is_published from measured.main.info")
        measure.fill(con, "check_setting", catalogue.SETTING, catalogue.setting_rows(folder))
        answers.fill(con, home)
        _earlier(con, home, delivery)
        for model in models(STAGE):
            kind = "view" if model.is_view else "table"
            con.execute(f"create temp {kind} {model.name} as\n{model.sql}")
        yield con


def _earlier(con: duckdb.DuckDBPyConnection, home: Path, delivery: str) -> None:
    """The last delivery's rows and the measures of the last delivery and the last year, where they are measured."""
    con.execute("""
        create temp table earlier_delivery (which varchar, delivery varchar);
        create temp table earlier_macro (which varchar, check_id varchar, hf_orgnr varchar, sector varchar,
            month_of_year varchar, measure decimal(24, 6));
        create temp table earlier_row (check_id varchar, row_type varchar, row_key varchar);""")
    for which, name in measure.compared_with(home, delivery).items():
        path = measure.database(home, name)
        if not path.is_file():
            continue
        attach(con, path, f"earlier_{which}")
        con.execute(
            f"""insert into earlier_macro
            select ?, value.check_id, value.hf_orgnr, value.sector, value.month[6:7],
                cast(if(setting.kind = 'volume', value.numerator, value.numerator / nullif(value.denominator, 0))
                    as decimal(24, 6))
            from earlier_{which}.main.macro_value as value
            inner join check_setting as setting on setting.check_id = value.check_id""",
            [which],
        )
        if which == "delivery":
            con.execute("insert into earlier_delivery values (?, ?)", [which, name])
            con.execute(
                "insert into earlier_row select distinct check_id, row_type, row_key"
                " from earlier_delivery.main.check_row"
            )


def rows(con: duckdb.DuckDBPyConnection, query: str, parameters: list | None = None) -> list[dict[str, Any]]:
    """The answer of a query as dictionaries."""
    cursor = con.execute(query, parameters or [])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def development(home: Path, delivery: str, *, unpublished: bool = False) -> list[dict[str, Any]]:
    """What each trust had at stake in each measured delivery up to this one, oldest first, with today's thresholds and
    answers: `delivery`, `hf_orgnr`, `nok_lost`, `nok_over`, `failing_rows`."""
    found = []
    for name in [*measure.earlier_deliveries(home, delivery), delivery]:
        is_unpublished = unpublished and name == delivery
        if measure.database(home, name, unpublished=is_unpublished).is_file():
            with judged(home, name, unpublished=is_unpublished) as con:
                found += [
                    {"delivery": name, **row}
                    for row in rows(
                        con,
                        "select hf_orgnr, nok_lost, nok_over, points_lost, points_over, failing_rows"
                        " from hospital_result order by hf_orgnr",
                    )
                ]
    return found
