"""A table as a Stata file. Stata has no decimal numbers: points and kroner are copies in doubles, and their labels say
so. A double holds fifteen digits, so a number of this size with two or three decimals is the same when it is rounded
to them."""

from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.engine.models import Model
from pipelines.publication import columns
from pipelines.publication.tables import read

COPY = "flyttall, kopi"
_LABEL = 80  # characters of a label
_VERSION = 118  # Stata 14 and later; text in UTF-8


def write(con: duckdb.DuckDBPyConnection, model: Model, query: str, path: Path, made: datetime, mark: str = "") -> int:
    """Write the rows of a query as `.dta` with Norwegian labels; how many they are. `made`: the moment in its head;
    `mark`: what the file's label begins with."""
    import pandas

    table = read(con, query)
    data, labels = {}, {}
    for place, (name, kind, numeric) in enumerate(zip(table.columns, table.types, table.numeric, strict=True)):
        values = [row[place] for row in table.rows]
        if numeric:
            data[name] = pandas.Series([None if v is None else float(v) for v in values], dtype="float64")
        else:
            data[name] = pandas.Series(["" if v is None else str(v) for v in values], dtype="object")
        copy = f" ({COPY})" if kind.startswith("DECIMAL") else ""
        labels[name] = (columns.heading(name, model)[: _LABEL - len(copy)]) + copy
    pandas.DataFrame(data).to_stata(
        path,
        write_index=False,
        version=_VERSION,
        time_stamp=made,
        data_label=(mark + model.header["title"])[:_LABEL],
        variable_labels=labels,
    )
    return len(table.rows)
