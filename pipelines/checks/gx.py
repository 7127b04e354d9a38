"""Great Expectations at work on one small frame at a time, in memory: no files, no network, no progress bars.

Importing this module costs seconds (`pipelines.checks.suites.start_import` hides them). DuckDB's decimals are
Python's Decimal in the frame, in columns of objects, so every comparison is exact.
"""

import hashlib
import logging
import os
import pickle
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "False"
if os.path.expanduser("~") == "~":
    # No HOME and no entry of the user, as in a container with a number for a user: a library asks for the folder while
    # it is imported, and writes nothing there.
    os.environ["HOME"] = str(Path.cwd())

import duckdb

from pipelines.engine import imports

# What Great Expectations draws and tests distributions with, and its way to other databases, are half of its import;
# no expectation here uses them. PySpark, where it is installed, ends a process whose main module is no file (`python
# -c`, pytest's workers) when Great Expectations looks for it.
with imports.sparing(later=("altair", "scipy.stats"), without=("sqlalchemy", "pyspark")):
    import great_expectations as gx
    import pandas as pd
    from great_expectations.core import id_dict
    from great_expectations.data_context import AbstractDataContext
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import Expectation as Judged
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.validator.validator import Validator

from pipelines.checks.suites import Expectation, Frame, Result, Suite
from pipelines.publication import norwegian, words
from pipelines.publication.columns import HEADING

logging.captureWarnings(False)  # Great Expectations turns it on for the whole process
logging.getLogger("great_expectations").setLevel(logging.ERROR)

MAX_ROWS = 100_000
SHOWN = 5
REMEMBERED = 1000

# What the codes in the keys of rows are called.
_CALLED = {
    **HEADING,
    **words.FILE,
    **words.UNIT,
    **words.QUARANTINE,
    **words.RULE,
    **{code: word.text for code, word in (words.SERVICE | words.STAY | words.REASON).items()},
}

_judged: dict[tuple[str, Frame, bytes], list[Result]] = {}
_configurations: dict[int, tuple[Judged, ExpectationConfiguration]] = {}
_make_configuration = Judged.configuration.fget  # type: ignore[attr-defined]


def _configuration(judged: Judged) -> ExpectationConfiguration:
    """The configuration of an expectation, made once per frame. Great Expectations makes it anew at each of some
    eighty readings per expectation, which was 40 % of its time; it changes copies only."""
    if id(judged) not in _configurations:
        _configurations[id(judged)] = (judged, _make_configuration(judged))
    return _configurations[id(judged)][1]


Judged.configuration = property(_configuration)  # type: ignore[assignment, method-assign]


def _for_json(data: dict[str, Any]) -> Any:
    """Arguments of a metric as JSON can hold them, for its id. Most are plain texts and numbers, which the conversion
    leaves as they are after fifty questions about each; it is asked for the others."""
    if all(type(value) in _PLAIN for value in data.values()):
        return data
    return _convert(data=data)


_PLAIN = frozenset({str, int, bool, type(None)})
_convert = id_dict.convert_to_json_serializable
id_dict.convert_to_json_serializable = _for_json  # type: ignore[assignment]


@cache
def _context() -> AbstractDataContext:
    """The ephemeral context that every frame is judged in."""
    config = DataContextConfig(
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def judge(con: duckdb.DuckDBPyConnection, suite: Suite, frame: Frame) -> list[Result]:
    """The results of all expectations of a frame; a frame that cannot be read fails them all."""
    try:
        table = read(con, frame.query)
    except (duckdb.Error, ValueError) as error:
        reason = f"tabellen kunne ikke leses: {str(error).splitlines()[0]}"
        return [_result(suite, frame, e, False, reason, 1) for e in frame.expectations]
    # The rule set is the same for every delivery that a process settles, and the same rows have the same results.
    content = hashlib.sha256(pickle.dumps([list(table.columns), table.to_numpy().tolist()])).digest()
    results = _judged.get((suite.name, frame, content))
    if results is None:
        if len(_judged) >= REMEMBERED:
            _judged.clear()
        results = _judged[suite.name, frame, content] = _judge(table, suite, frame)
    return list(results)


def _judge(table: pd.DataFrame, suite: Suite, frame: Frame) -> list[Result]:
    # The frame is its validator's only data. As a batch of a data source it would be read and hashed once for the batch
    # and once for each validation, and each metric would be known by the batch too: half of the time.
    engine = PandasExecutionEngine(batch_data_dict={"frame": table})
    validator = Validator(engine, data_context=_context())
    outcomes = _run(validator, list(frame.expectations), "BOOLEAN_ONLY")
    # The rows are asked for only where something failed: listing them costs more than judging.
    failed = [e for e, outcome in zip(frame.expectations, outcomes, strict=True) if not outcome.success]
    listed = _run(validator, failed, "COMPLETE") if failed else []
    details = {e.id: outcome for e, outcome in zip(failed, listed, strict=True)}
    results = []
    for expectation in frame.expectations:
        if expectation.id in details:
            observed, count = _failure(details[expectation.id], table, frame, expectation)
            results.append(_result(suite, frame, expectation, False, observed, count))
        else:
            results.append(_result(suite, frame, expectation, True, _passed(table, frame, expectation), 0))
    return results


def read(con: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    """The rows of a query as Python objects: None for NULL, Decimal for DECIMAL, int for whole numbers."""
    cursor = con.execute(query)
    columns = [column[0] for column in cursor.description]
    rows = cursor.fetchmany(MAX_ROWS + 1)
    if len(rows) > MAX_ROWS:
        raise ValueError(f"more than {MAX_ROWS} rows; count them in the query")
    values = {name: pd.Series([row[i] for row in rows], dtype=object) for i, name in enumerate(columns)}
    return pd.DataFrame(values, columns=columns)


def _run(validator: Validator, expectations: list[Expectation], form: str) -> list:
    configurations = [
        ExpectationConfiguration(
            type=e.kind,
            kwargs=e.kwargs,
            severity=FailureSeverity.CRITICAL if e.blocking else FailureSeverity.WARNING,
            meta={"id": e.id},
        )
        for e in expectations
    ]
    try:
        results = validator.graph_validate(configurations, runtime_configuration={"result_format": form})
    finally:
        _configurations.clear()
    outcomes = {result.expectation_config.meta["id"]: result for result in results}  # type: ignore[union-attr]
    return [outcomes[e.id] for e in expectations]


def _result(suite: Suite, frame: Frame, expectation: Expectation, success: bool, observed: str, count: int) -> Result:
    return Result(
        suite=suite.name,
        expectation=expectation.id,
        kind=expectation.kind,
        table=frame.name,
        column=expectation.column,
        paragraph=expectation.paragraph,
        description=expectation.text,
        success=success,
        blocking=expectation.blocking,
        observed=observed,
        unexpected_count=count,
    )


def _passed(table: pd.DataFrame, frame: Frame, expectation: Expectation) -> str:
    column = expectation.kwargs.get("column")
    if column and not frame.key and len(table) == 1:
        return _text(table[column].iloc[0], expectation.unit)
    if "columns_to_match" in expectation.kind:
        return f"{len(table.columns)} kolonner"
    return "1 rad" if len(table) == 1 else f"{_text(len(table))} rader"


def _failure(outcome, table: pd.DataFrame, frame: Frame, expectation: Expectation) -> tuple[str, int]:
    """What was found where an expectation failed, and how many rows of the frame fail."""
    error = _exception(outcome.exception_info or {})
    if error:
        return f"kontrollen kunne ikke gjøres: {error}", 1
    found: dict[str, Any] = outcome.result or {}
    positions = sorted(found.get("unexpected_index_list") or [])
    if not positions:
        observed = found.get("observed_value")
        values = observed if isinstance(observed, list | tuple | set) else [observed]
        return f"fant {', '.join(map(_text, values))}", 1
    rows = [_row(table, position, frame, expectation) for position in positions[:SHOWN]]
    if not frame.key and len(table) == 1:
        return rows[0], 1
    more = f"; og {_text(len(positions) - SHOWN)} til" if len(positions) > SHOWN else ""
    return f"{_text(len(positions))} av {_text(len(table))} rader: {'; '.join(rows)}{more}", len(positions)


def _exception(info: dict) -> str:
    """The first line of what Great Expectations raised, if anything; metrics report by their own key."""
    entries = [info] if "raised_exception" in info else list(info.values())
    raised = [entry["exception_message"] for entry in entries if entry.get("raised_exception")]
    return str(raised[0]).splitlines()[0] if raised else ""


def _row(table: pd.DataFrame, position: int, frame: Frame, expectation: Expectation) -> str:
    """A row by its key, and the values that were judged: where they may be shown, and say more than yes."""
    row = table.iloc[position]
    columns = [expectation.kwargs.get(name) for name in ("column", "column_A", "column_B")]
    judged = [row[name] for name in columns if name and name not in frame.key]
    values = [_text(value, expectation.unit) for value in judged if frame.show_values and not isinstance(value, bool)]
    key = " ".join(_CALLED.get(row[name]) or _text(row[name]) for name in frame.key)
    return ": ".join(part for part in (key, " og ".join(values)) if part)


def _text(value: Any, unit: str = "") -> str:
    """A value for people: Norwegian numbers, a word for what is missing."""
    if value is None:
        return "(tom)"
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return str(value)
    number = norwegian.exact(value)
    return f"{number}{norwegian.NBSP}{unit}" if unit else number
