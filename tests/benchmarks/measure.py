"""One measurement in a process of its own: `python -m tests.benchmarks.measure NAME --delivery D --work W --out FILE`.

Writes JSON: wall seconds, CPU seconds (all threads), peak memory in bytes, and details of the measurement. The clock
runs over the work named, not over the start of Python and the imports; for the commands (`settle`, `explain`) it runs
over the whole command as a user meets it.
"""

import argparse
import contextlib
import importlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Measured = dict[str, Any]
EXPLAINED = {
    "stay": "select stay_id from stay order by hash(stay_id), stay_id limit $1",
    "service": "select service_id from service order by hash(service_id), service_id limit $1",
    "pathway": "select pathway_id from pathway order by hash(pathway_id), pathway_id limit $1",
    "patient": "select patient_id from stay order by hash(patient_id), patient_id limit $1",
}
EXPLANATIONS = 5
NATIONAL_EPISODES = 14_000_000  # of a generated delivery at scale 1
GROUPER_MEMORY = "5GB"


def floor(delivery: Path, threads: int, work: Path) -> Measured:
    """Read every value of every column of the delivery's files once. (A count may be answered from statistics.)"""
    from pipelines.engine.workspace import connect

    with connect(threads=threads) as con, clock() as measured:
        for path in sorted(delivery.glob("*.parquet")):
            columns = [row[0] for row in con.execute(f"describe from '{path}'").fetchall()]
            read = ", ".join(f'bit_xor(hash("{column}"))' for column in columns)
            con.execute(f"select {read} from '{path}'").fetchall()
    return measured


def load(delivery: Path, threads: int, work: Path) -> Measured:
    """Load the delivery and the rule set into a database file, as `isf settle` does."""
    from pipelines.settlement import run as runs

    with database(work, threads) as con, clock() as measured:
        runs.load(delivery, con)
    return measured


def models(delivery: Path, threads: int, work: Path) -> Measured:
    """Every model in order; loading comes first and is not counted."""
    from pipelines.engine.models import models as all_models
    from pipelines.engine.models import run_model
    from pipelines.settlement import run as runs

    seconds = {}
    with database(work, threads) as con:
        runs.load(delivery, con)
        con.execute("set preserve_insertion_order = false")
        with clock() as measured:
            for model in all_models():
                before = time.perf_counter()
                run_model(con, model)
                if not model.is_view:
                    seconds[model.name] = time.perf_counter() - before
    return measured | {"models": seconds}


def settle(delivery: Path, threads: int, work: Path) -> Measured:
    """The command `isf settle` from a home without anything in it; the home is kept for `explain`."""
    home = work / "home"
    shutil.rmtree(home, ignore_errors=True)
    return command("settle", str(delivery), "--home", str(home), "--threads", str(threads))


def explain(delivery: Path, threads: int, work: Path) -> Measured:
    """The command `isf explain` on the warehouse that `settle` left: the median over ids, per kind of id."""
    from pipelines.engine.home import warehouse
    from pipelines.engine.workspace import connect

    with contextlib.closing(connect(warehouse(work / "home", delivery.name), read_only=True)) as con:
        ids = {kind: [row[0] for row in con.execute(sql.replace("$1", str(EXPLANATIONS))).fetchall()]
               for kind, sql in EXPLAINED.items()}  # fmt: skip
    each = {kind: [command("explain", i, "--home", str(work / "home")) for i in found] for kind, found in ids.items()}
    medians = {kind: statistics.median(m["wall"] for m in found) for kind, found in each.items() if found}
    every = [m for found in each.values() for m in found]
    return {
        "wall": statistics.median(m["wall"] for m in every),
        "cpu": statistics.median(m["cpu"] for m in every),
        "peak": max(m["peak"] for m in every),
        "kinds": medians,
    }


def check(delivery: Path, threads: int, work: Path) -> Measured:
    """The command `isf check`."""
    return command("check", str(delivery))


def quality(delivery: Path, threads: int, work: Path) -> Measured:
    """What `isf quality` does with the delivery that `settle` left, and when each part of it was done. The start of the
    program, a second, is not counted."""
    from pipelines.engine.models import models
    from pipelines.quality import catalogue
    from pipelines.quality.command import run_quality

    begun: dict[str, float] = {}
    # What an earlier round has measured would be taken as it is.
    (work / "home" / "quality" / f"{delivery.name}.duckdb").unlink(missing_ok=True)
    with clock() as measured:
        start = time.perf_counter()

        def progress(step: str, *_: int) -> None:
            begun.setdefault(step.rpartition(": ")[2].partition(" of ")[0], time.perf_counter() - start)

        run_quality(delivery.name, work / "home", progress=progress, threads=threads)
        ended = time.perf_counter() - start
    first = {stage: models(stage)[0].name for stage in (catalogue.REPAIRS, catalogue.FACTS)}
    return measured | {
        "parts": {
            "all checks": begun[first[catalogue.REPAIRS]],
            "and each finding put right, its patients settled again": begun[first[catalogue.FACTS]],
            "and the counts for the statistics, and judging": begun["pack"],
            "and the packs and overviews": ended,
        }
    }


def on_settled(*words: str) -> Callable[[Path, int, Path], Measured]:
    """A command on the delivery that `settle` left in the home; `{delivery}`, `{work}` and `{before}` (the delivery
    before it, see `before`) are filled in."""

    def measure(delivery: Path, threads: int, work: Path) -> Measured:
        home = ["--home", str(work / "home"), "--threads", str(threads)]
        names = {"delivery": delivery.name, "work": str(work)}
        if "{before}" in words:
            names["before"] = before(delivery, work, home)
        return command(*(word.format(**names) for word in words), *home)

    return measure


def before(delivery: Path, work: Path, home: list[str]) -> str:
    """The name of the year's first delivery of the tertial, settled in the home if it is not there yet. It is the
    folder beside the delivery, or generated at the same size; neither is counted."""
    from pipelines.engine.home import warehouse

    name = f"{delivery.name[:-1]}1"
    if not warehouse(work / "home", name).exists():
        folder = delivery.parent / name
        if not folder.is_dir():
            folder = work / name
            if not folder.is_dir():
                command("generate", "--out", str(work), *_as_generated(delivery), "--delivery", "1")
        command("settle", str(folder), *home)
    return name


def simulate(alternative: str, *words: str) -> Callable[[Path, int, Path], Measured]:
    """The command `isf simulate` with a set that `simulation.write_sets` makes; the cube is made before, uncounted."""

    def measure(delivery: Path, threads: int, work: Path) -> Measured:
        from pipelines.rules import load as rulesets
        from tests.benchmarks.simulation import write_sets

        home = work / "home"
        common = ["simulate", "--home", str(home), "--activity", delivery.name, "--threads", str(threads)]
        with tempfile.TemporaryDirectory(dir=work) as folder:
            chosen = write_sets(Path(folder), rulesets.newest_final())
            if not (home / "simulation" / f"{delivery.name}.cube.duckdb").exists():
                made = ["--alternative", chosen["weights"], "--only", "weights"]
                command(*common, *made, "--out", str(Path(folder) / "cube"))
            return command(*common, "--alternative", chosen[alternative], *words, "--out", str(Path(folder) / "out"))

    return measure


def generate(delivery: Path, threads: int, work: Path) -> Measured:
    """The command `isf generate` for a delivery of the same size."""
    with tempfile.TemporaryDirectory(dir=work) as folder:
        return command("generate", "--out", folder, *_as_generated(delivery))


def _as_generated(delivery: Path) -> list[str]:
    rows = json.loads((delivery / "leveranse.json").read_text(encoding="utf-8"))["files"]["episode"]["rows"]
    scale = max(0.0001, round(rows / NATIONAL_EPISODES, 3))
    return ["--year", delivery.name[:4], "--tertial", delivery.name[6], "--scale", str(scale)]


def group(delivery: Path, threads: int, work: Path) -> Measured:
    """Group every stay of the delivery by definition tables: from the codes of its cases to DRG, rule and return code.

    Loading, making the stays and their cases, and importing the tables come first and are not counted; reading and
    compiling the tables is.
    """
    from pipelines.engine.models import run
    from pipelines.grouper import sets
    from tests.benchmarks import grouping

    chosen = grouping.definitions(work)
    with database(work, threads) as con:
        grouping.prepare(delivery, con, chosen)
        con.execute("attach ':memory:' as grouped")
        con.execute(f"set memory_limit = '{GROUPER_MEMORY}'")  # lets go of what the preparation has cached, too
        with clock() as measured:
            sets.load(chosen, con, "grouped")
            run("grouper", con, into="grouped", reading={name: f"cases.{name}" for name in grouping.CASES})
        counted = {
            "cases": "count(*)",
            "distinct contents": "count(distinct content_nr)",
            "rules that win": "count(distinct rule_nr)",
        }
        values = con.execute(f"select {', '.join(counted.values())} from grouped.grouped_case").fetchone()
        rules_there = con.execute("select count(*) from grouped.drg_rule").fetchone()[0]
        return measured | {"grouped": dict(zip(counted, values, strict=True)) | {"rules of the tables": rules_there}}


def core(engine: str) -> Callable[[Path, int, Path], Measured]:
    """The core in one engine; the rule set is read and the engine imported before the clock starts."""

    def measure(delivery: Path, threads: int, work: Path) -> Measured:
        from tests.benchmarks.core_rules import read_rules

        os.environ["POLARS_MAX_THREADS"] = str(threads)
        job = importlib.import_module(f"tests.benchmarks.core_{engine}")
        rules = read_rules(delivery)
        with clock() as measured:
            rows = job.run(delivery, rules, threads)
        return measured | {"rows": rows}

    return measure


MEASUREMENTS: dict[str, Callable[[Path, int, Path], Measured]] = {
    "floor": floor,
    "load": load,
    "models": models,
    "settle": settle,
    "check": check,
    "explain": explain,
    "quality": quality,
    "compare": on_settled("compare", "{before}", "{delivery}"),
    "simulate_weights": simulate("weights", "--only", "weights"),
    "simulate_paid": simulate("weights"),
    "simulate_resampled": simulate("weights", "--bootstrap", "200"),
    "simulate_anew": simulate("gap"),
    "group": group,
    "generate": generate,
    "core_duckdb": core("duckdb"),
    "core_polars": core("polars"),
    "core_pandas": core("pandas"),
}


@contextlib.contextmanager
def clock() -> Iterator[Measured]:
    """Wall and CPU seconds of the block, and the process's peak memory in it."""
    measured: Measured = {}
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    wall, cpu = time.perf_counter(), sum(os.times()[:4])
    yield measured
    measured["wall"] = time.perf_counter() - wall
    measured["cpu"] = sum(os.times()[:4]) - cpu  # with that of processes that it began and that have ended
    status = Path("/proc/self/status").read_text()
    measured["peak"] = 1024 * int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


@contextlib.contextmanager
def database(work: Path, threads: int) -> Iterator:
    """A connection to a new database file, removed afterwards."""
    from pipelines.engine.workspace import connect

    path = work / "measured.duckdb"
    path.unlink(missing_ok=True)
    try:
        with contextlib.closing(connect(path, threads=threads)) as con:
            yield con
    finally:
        path.unlink(missing_ok=True)


def command(*arguments: str) -> Measured:
    """The command `isf` with these arguments: times and peak memory of its process. An error is raised as told."""
    isf = Path(sys.executable).with_name("isf")
    before = time.perf_counter()
    process = subprocess.Popen([str(isf), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    told = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - before
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"isf {' '.join(arguments)} ended with {process.returncode}:\n{told[-2000:]}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak": 1024 * usage.ru_maxrss}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=MEASUREMENTS)
    parser.add_argument("--delivery", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    os.environ["ISF_THREADS"] = str(args.threads)  # for the commands that have no option of threads
    try:
        measured = MEASUREMENTS[args.name](args.delivery.resolve(), args.threads, args.work.resolve())
    except MemoryError:
        measured = {"failed": "out of memory"}
    args.out.write_text(json.dumps(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
