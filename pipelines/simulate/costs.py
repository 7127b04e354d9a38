"""A weight set from what patients cost: `isf weights from-costs`. The file is described in docs/costs.md, the way from
its lines to weights is `sql/simulation_cost`; families, classes and the total are those of `weights.build`."""

import contextlib
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import model, models, run
from pipelines.engine.progress import Progress, silent
from pipelines.engine.workspace import literal
from pipelines.errors import InputRefused, IsfError
from pipelines.publication import csvfile
from pipelines.publication.result import ordered
from pipelines.publication.tables import Rows
from pipelines.publication.tables import read as read_rows
from pipelines.rules import load as rulesets
from pipelines.rules.shape import SECTORS
from pipelines.simulate import bootstrap, weights

STAGE = "simulation_cost"
# Column of the file → what it is called here; all but the first may be missing, and are then 0.
COLUMNS = {
    "episodeID": "episode_id",
    "pleie": "ward",
    "operasjon": "theatre",
    "intensiv": "intensive",
    "diagnostikk": "diagnostics",
    "legemidler": "drugs",
    "annet": "other",
    "egenbetaling": "paid_by_patient",
}
REPORT = (
    "kostnadsregnskap", "kostnadsmodell", "kostnadsgruppe", "kostnadsindeks", "trimpunkt",
    "kostnadsvekt_intervall", "vektvirkning_intervall",
)  # fmt: skip
INTERVALS = ("kostnadsvekt_intervall", "vektvirkning_intervall")
MOST_TOLD = 20


@dataclass
class Built:
    """A weight set by costs. `rows`: as `weights.build` gives them; `tables`: the report; `path`: its rule set."""

    path: Path
    rows: list[dict]
    services: dict[str, Decimal]
    tables: dict[str, Rows] = field(default_factory=dict)


@contextlib.contextmanager
def _opened(
    home: Path, activity: str, ruleset: str | None, threads: int, memory_limit: str
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A connection with the warehouse as `wh` and the rule set in `ref`, and the name of the set."""
    warehouse = homes.find_warehouse(home, activity)
    folder = homes.make(homes.cube(home, activity).parent)
    with workspace.desk(homes.building(folder, "spill"), threads=threads, memory_limit=memory_limit) as con:
        workspace.attach(con, warehouse, "wh")
        name = ruleset or workspace.only_row(con, "select ruleset from wh.ref.ruleset")[0]
        rulesets.load(name, con)
        yield con, name


def build(
    home: Path,
    activity: str,
    costs: Path,
    ruleset: str | None,
    out: Path,
    *,
    resamples: int = 0,
    seed: int = 1,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
) -> Built:
    """Weights of every DRG, STG and TFG from a table of costs, as the rule set `out`, with the report's tables.

    The total of the measure `base`, which `isf simulate` prints, is the one of `ruleset` (by default the set that the
    activity was settled with) on the activity.
    Raises InputRefused with every fault of the file, IsfError where `out` exists or no cost meets a unit.
    """
    if out.exists():
        raise IsfError(f"{out} exists already. Choose another folder, or remove it.")
    bootstrap.check(resamples)
    with _opened(home, activity, ruleset, threads, memory_limit) as (con, name):
        _read(con, costs)
        run(STAGE, con, into="memory", reading={"landing": "wh.landing"}, only=["cost_fault"])
        _refuse(con, costs)
        made = [one.name for one in models(STAGE) if one.name not in ("cost_fault", *INTERVALS)]
        run(STAGE, con, into="memory", reading=_settled(), only=made, progress=progress)
        if not workspace.only_row(con, "select count(*) from cost_weight where method <> 'given'")[0]:
            raise IsfError(
                f"{costs.name}: no line has the cost of a counted unit of {activity}. Is it of another year?"
            )
        built = _write(con, home, activity, name, out, costs)
        names = [name for name in REPORT if name not in INTERVALS]
        if resamples:
            progress("patients drawn anew", 1, 1)
            _draw(con, resamples, seed)
            run(STAGE, con, only=INTERVALS)
            names += INTERVALS
        for table in names:
            built.tables[table] = read_rows(con, ordered(model(table, STAGE)))
    return built


def _settled() -> dict[str, str]:
    """What the models read of the warehouse."""
    own = {one.name for one in models(STAGE)} | {"cost_line", "drawn_weight"}
    read = {name for one in models(STAGE) for name in one.reads if "." not in name}
    return {name: f"wh.main.{name}" for name in sorted(read - own)}


def _read(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Table `cost_line`: the columns as text, with the number of their line. Raises InputRefused if it is no table."""
    if not path.is_file():
        raise InputRefused(str(path), [f"There is no such file. Give a CSV or Parquet file with {', '.join(COLUMNS)}."])
    try:
        if path.suffix == ".parquet":
            source = f"read_parquet({literal(path)}, file_row_number = true)"
            line = "file_row_number + 1"
        else:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                delimiter = ";" if ";" in stream.readline() else ","
            source = (
                f"read_csv({literal(path)}, delim = '{delimiter}', quote = '\"', header = true, all_varchar = true,"
                " null_padding = false, parallel = false)"
            )
            line = "row_number() over () + 1"
        con.execute("set preserve_insertion_order = true")
        header = [column[0] for column in con.execute(f"select * from {source} limit 0").description]
        unknown = [name for name in header if name not in (*COLUMNS, "file_row_number")]
        problems = [f"column {name} is not known. The columns are {', '.join(COLUMNS)}." for name in unknown]
        if "episodeID" not in header:
            problems.append("column episodeID is missing. Every line is the cost of an episode.")
        if not set(header) & (COLUMNS.keys() - {"episodeID", "egenbetaling"}):
            problems.append(f"no column has a cost. Give some of {', '.join(list(COLUMNS)[1:-1])}.")
        if problems:
            raise InputRefused(str(path), problems)
        columns = ", ".join(
            f"coalesce(cast({name} as varchar), '') as {own}" if name in header else f"'' as {own}"
            for name, own in COLUMNS.items()
        )
        con.execute(f"create table cost_line as select {line} as line, {columns} from {source}")
        con.execute("set preserve_insertion_order = false")
    except (UnicodeDecodeError, csv.Error, duckdb.Error) as error:
        problem = f"It cannot be read as a table in UTF-8: {str(error).splitlines()[0]}"
        raise InputRefused(str(path), [problem]) from error


def _refuse(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raise InputRefused with the faults of the lines, if there are any."""
    found = workspace.rows(con, "select * from cost_fault order by line, column_name")
    names = {own: name for name, own in COLUMNS.items()}
    told = []
    for row in found[:MOST_TOLD]:
        place = f"line {row['line']}, {names.get(row['column_name'], row['column_name'])}"
        if row["fault"] == "amount":
            told.append(f"{place}: {row['given']!r} is no amount. Give kroner of 0 or more, at most two decimals.")
        elif row["fault"] == "empty":
            told.append(f"{place} is empty. Give the episode, or leave the line out.")
        else:
            told.append(f"{place}: the episode is on line {row['other_line']} too. Put its costs on one line.")
    if found:
        more = [f"{len(found) - MOST_TOLD} more"] if len(found) > MOST_TOLD else []
        raise InputRefused(str(path), told + more)


def _totals(rules: rulesets.Ruleset, volumes: weights.Volumes) -> dict[str, Decimal]:
    """Sector → base points of the activity's stays and services under the set: what `isf simulate` prints for it."""
    drg = {(row["sector"], row["drg"]): row["base_points"] for row in rules.tables["drg"]}
    stg = {(row["sector"], row["stg"]): row["base_points"] for row in rules.tables["stg"]}
    found = dict.fromkeys(SECTORS, Decimal(0))
    for sector, code, stays, _ in volumes.stays:
        found[sector] += stays * drg.get((sector, code), Decimal(0))
    for sector, code, services in volumes.services:
        found[sector] += services * stg.get((sector, code), Decimal(0))
    return {sector: points for sector, points in found.items() if points > 0}


def _write(con: duckdb.DuckDBPyConnection, home: Path, activity: str, ruleset: str, out: Path, costs: Path) -> Built:
    """The rule set folder: services, pathways and trim points first, then the DRGs built upon them to the total."""
    found = workspace.rows(con, "select * from cost_weight order by sector desc, unit_type, group_code")
    limits = con.execute("select sector, drg, trim_point from trim_limit where is_new order by all").fetchall()
    volumes = weights.volumes_of(home, activity, ruleset)
    totals = _totals(rulesets.read(ruleset), volumes)
    cost = [(r["sector"], r["group_code"], r["weight"]) for r in found if r["unit_type"] == "stay"]
    others = {
        table: [(r["sector"], r["group_code"], r["weight"]) for r in found if r["unit_type"] == kind]
        for kind, table in (("service", "stg"), ("pathway", "tfg"))
    }
    source = f"built from the costs of {activity} ({costs.name})"
    path, rows = weights.write_from_costs(ruleset, out, source, cost, others, limits, volumes, totals)
    return Built(path, rows, weights.service_points(path, volumes))


def _draw(con: duckdb.DuckDBPyConnection, resamples: int, seed: int) -> None:
    """Table `drawn_weight`: the weight of each group with a mean of its own in every resample of the patients."""
    groups = con.execute(
        "select sector, unit_type, group_code, given_weight, units, trimmed from cost_weight"
        " where method = 'own' order by all"
    ).fetchall()
    patients = con.execute(
        "select draw_number, units, trimmed from patient_group order by sector, unit_type, group_code"
    ).fetchnumpy()
    counts = con.execute(
        "select count(*) from patient_group group by sector, unit_type, group_code"
        " order by sector, unit_type, group_code"
    ).fetchall()
    numbers = patients["draw_number"].astype(np.uint64)
    values = np.stack([patients["units"], patients["trimmed"]]).astype(np.float64)
    drawn, at = [], 0
    for (count,) in counts:
        drawn.append(bootstrap.resample(numbers[at : at + count], values[:, at : at + count], resamples, seed))
        at += count
    sums = np.stack(drawn)  # (group, units and cost, draw)
    given = np.array([int(1000 * row[3]) for row in groups])
    tables = []
    for sector in SECTORS:
        chosen = np.array([row[0] == sector for row in groups])
        if not chosen.any():
            continue
        fixed_cost, fixed_points = workspace.only_row(
            con,
            "select coalesce(sum(trimmed), 0), coalesce(sum(units * cast(1000 * given_weight as hugeint)), 0)"
            " from cost_weight where method = 'pooled' and sector = ?",
            [sector],
        )
        units, cost = sums[chosen, 0], np.maximum(sums[chosen, 1], 0)
        reference = (cost.sum(axis=0) + int(fixed_cost)) / (
            (units * given[chosen][:, None]).sum(axis=0) + int(fixed_points)
        )
        # Where a draw has nobody of a group, the group is as it is.
        mean = np.where(units > 0, cost / np.maximum(units, 1), 0) / reference[None, :]
        point = np.array([[int(row[5]) / row[4]] for row in groups])[chosen] / reference[None, :]
        thousandths = np.floor(np.where(units > 0, mean, point) + 0.5).astype(np.int64)
        for row, own in zip([g for g in groups if g[0] == sector], thousandths, strict=True):
            tables.append((row[:3], own))
    con.register(
        "drawn_rows",
        pa.table(
            {
                **{
                    name: pa.array([key[n] for key, _ in tables for _ in range(resamples)], pa.string())
                    for n, name in enumerate(("sector", "unit_type", "group_code"))
                },
                "draw": pa.array(np.tile(np.arange(1, resamples + 1), len(tables))),
                "thousandths": pa.array(np.concatenate([own for _, own in tables])),
            }
        ),
    )
    con.execute("create table drawn_weight as select * from drawn_rows")
    con.unregister("drawn_rows")


def save(built: Built, folder: Path) -> None:
    """The report's tables as CSV in a folder of its own; the rule set's folder holds nothing but the set."""
    homes.make(folder)
    for name, rows in built.tables.items():
        csvfile.write(rows, folder / f"{name}.csv")


def summary(built: Built) -> str:
    """What was made of what: the file's lines, fit, changes, and who is dear."""
    outcomes = [row for row in built.tables["kostnadsregnskap"].dicts() if row["slag"] == "linje"]
    used = sum(row["antall"] for row in outcomes if row["utfall"] == "brukt")
    lines = [f"{sum(row['antall'] for row in outcomes)} lines, {used} of them in the cost of a counted unit"]
    for row in built.tables["kostnadsmodell"].dicts():
        groups = [r for r in built.tables["kostnadsgruppe"].dicts() if r["sektor"] == row["sektor"]]
        own, pooled, kept = (sum(r["metode"] == name for r in groups) for name in ("egen", "felles", "som_for"))
        changed = sum(r["over_ti_prosent"] and r["metode"] != "som_for" for r in groups)
        index = [r for r in built.tables["kostnadsindeks"].dicts() if r["sektor"] == row["sektor"] and r["indeks"]]
        lines += [
            f"{row['sektor']}: {row['antall']} units, {row['antall_trimmet']} of them cut at the trim point, "
            f"{row['kr_per_poeng']} kroner per point",
            f"  the groups explain {100 * row['forklart_for']:.1f} % of the variance between units, "
            f"{100 * row['forklart_etter']:.1f} % with long stays cut",
            f"  groups: {own} with a mean of their own, {pooled} pooled, {kept} as before; "
            f"{changed} change by more than 10 %",
        ]
        if index:
            dear, cheap = (
                sorted(index, key=lambda r: (sign * r["indeks"], r["hf_orgnr"] or ""))[0] for sign in (-1, 1)
            )
            lines.append(f"  cost index: {cheap['indeks']} ({cheap['hf']}) to {dear['indeks']} ({dear['hf']})")
    return "\n".join([*lines, weights.summary(built.rows, built.services)])
