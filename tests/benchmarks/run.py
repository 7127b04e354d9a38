"""The benchmark: `make bench`, or with deliveries that are made already:

    python -m tests.benchmarks.run --delivery national/2025-T3-2 --small tenth/2025-T3-2 [--runs 3] [--threads 2,1]

The grouper is measured with the invented definition tables, or with those that GROUPER_TABLES names.

Without --delivery it generates a national year, without --small a tenth of one. Every measurement is a process of its
own; rounds are interleaved, so that a slow half-hour of the machine meets all of them, and every ratio is within the
run. After each round the results so far are in build/benchmarks.json, so that hours of measuring survive a stop.
With --only the page is written only where --out is given too; what such runs have left there, kept under other names,
makes one page by

    python -m tests.benchmarks.run --join first.json second.json

where a measurement of a later file takes the place of an earlier one's.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks import page
from tests.benchmarks.core_rules import first_difference
from tests.benchmarks.machine import describe_delivery, describe_machine
from tests.benchmarks.measure import MEASUREMENTS, Measured

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
RAW = ROOT / "build" / "benchmarks.json"
CORES = ("core_duckdb", "core_polars", "core_pandas")
GROWING = ("floor", "settle", *CORES)
MEMORY = 18 * 10**9
LONGEST = 3600.0
Key = tuple[str, str, int]  # name, "large" or "small", threads


def plan(names: list[str], threads: list[int], small: bool) -> list[Key]:
    """What one round measures, in order; the floor is always among it, and what reads a home follows its `settle`."""
    names = [name for name in MEASUREMENTS if name in names or name == "floor"]
    most = max(threads)
    # The home that others read is the last settle's: the most threads come last.
    keys = [(name, "large", n) for n in sorted(threads) for name in names]
    return keys + ([(name, "small", most) for name in names if name in GROWING] if small else [])


def measure(key: Key, delivery: Path, work: Path, *, memory: int = MEMORY, longest: float = LONGEST) -> Measured:
    """One measurement in its own process, ended where it takes too much memory or time."""
    name, _, threads = key
    out = work / "measured.json"
    out.unlink(missing_ok=True)
    arguments = ["--delivery", str(delivery), "--threads", str(threads), "--work", str(work), "--out", str(out)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.measure", name, *arguments], cwd=ROOT, start_new_session=True
    )
    failed = _watch(process, memory, longest)
    if failed:
        return {"failed": failed}
    if process.returncode or not out.exists():
        return {"failed": f"ended with {process.returncode}"}
    return json.loads(out.read_text(encoding="utf-8"))


def _watch(process: subprocess.Popen, memory: int, longest: float) -> str | None:
    """Wait for the process; why it was ended, or None."""
    until = time.monotonic() + longest
    while True:
        try:
            process.wait(0.5)
            return None
        except subprocess.TimeoutExpired:
            over = resident(process.pid) > memory
            if over or time.monotonic() > until:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return f"more than {memory / 1e9:.0f} GB" if over else f"more than {longest:.0f} s"
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise


def resident(pid: int) -> int:
    """Memory of a process in bytes; 0 where it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def check_cores(measured: dict[Key, list[Measured]]) -> None:
    """The cores must give the same sums, whichever engine, threads and round; else there is nothing to compare."""
    for scale in ("large", "small"):
        told = [
            (key, m["rows"])
            for key, found in measured.items()
            for m in found
            if key[0] in CORES and key[1] == scale and "rows" in m
        ]
        for key, rows in told[1:]:
            if difference := first_difference(told[0][1], rows):
                raise SystemExit(f"{told[0][0]} and {key} disagree: {difference}")


def summary(measured: dict[Key, list[Measured]]) -> list[dict[str, Any]]:
    """Medians over the rounds, the highest peak, and the ratio to the floor of the same scale and threads."""
    floors = {key[1:]: _median(found, "wall") for key, found in measured.items() if key[0] == "floor"}
    rows = []
    for key, found in measured.items():
        name, scale, threads = key
        row: dict[str, Any] = {"name": name, "scale": scale, "threads": threads, "runs": len(found)}
        if failed := next((m["failed"] for m in found if "failed" in m), None):
            rows.append(row | {"failed": failed})
            continue
        row |= {"wall": _median(found, "wall"), "cpu": _median(found, "cpu"), "peak": max(m["peak"] for m in found)}
        row |= {"low": min(m["wall"] for m in found), "high": max(m["wall"] for m in found)}
        floor = floors.get((scale, threads))
        row["ratio"] = row["wall"] / floor if floor else None
        for part in ("models", "kinds", "grouped", "parts"):
            if part in found[0]:
                row[part] = {k: statistics.median(m[part][k] for m in found) for k in found[0][part]}
        rows.append(row)
    return rows


def _median(found: list[Measured], what: str) -> float | None:
    values = [m[what] for m in found if what in m]
    return statistics.median(values) if values else None


def run_rounds(keys: list[Key], folders: dict[str, Path], work: Path, runs: int) -> Iterator[dict[Key, list[Measured]]]:
    """Every measurement once per round, told on standard error; what is measured so far, after each round. Files are
    read once before, so that none is cold."""
    for scale in {key[1] for key in keys}:
        measure(("floor", scale, max(key[2] for key in keys)), folders[scale], _work(work, scale))
    measured: dict[Key, list[Measured]] = {key: [] for key in keys}
    for number in range(1, runs + 1):
        for key in keys:
            if any("failed" in m for m in measured[key]):
                continue
            result = measure(key, folders[key[1]], _work(work, key[1]))
            measured[key].append(result)
            told = result.get("failed") or f"{result['wall']:.2f} s, {result['peak'] / 1e9:.2f} GB"
            print(f"[{number}/{runs}] {key[0]} {key[1]} {key[2]} threads: {told}", file=sys.stderr, flush=True)
        check_cores(measured)
        yield measured


def _work(work: Path, scale: str) -> Path:
    folder = work / scale
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def make(work: Path, scale: float) -> Path:
    """A generated delivery of the newest year's last tertial."""
    from pipelines.generate import generate
    from pipelines.rules import load as ruleset

    print(f"generating scale {scale:g}", file=sys.stderr, flush=True)
    year = int(ruleset.newest_final())
    return generate(work / f"generated-{scale:g}", year=year, tertial=3, delivery=2, scale=scale, seed=1)


def joined(files: list[Path]) -> dict[str, Any]:
    """The results of several runs on the same deliveries as one: of the machine as the first run met it."""
    every = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    deliveries: dict[str, Any] = {}
    rows: dict[Key, dict[str, Any]] = {}
    for number, results in enumerate(every):
        for scale, delivery in results["deliveries"].items():
            if deliveries.setdefault(scale, delivery) != delivery:
                raise SystemExit(f"the runs have measured different {scale} deliveries")
        for row in results["measurements"]:
            rows[row["name"], row["scale"], row["threads"]] = row | {"run": number}
    order = list(MEASUREMENTS)
    ranked = sorted(rows, key=lambda key: (key[1] != "large", -key[2], order.index(key[0])))
    return {"machine": every[0]["machine"], "deliveries": deliveries, "measurements": [rows[key] for key in ranked]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--delivery", type=Path, help="a national year; default: generated")
    parser.add_argument("--small", type=Path, help="a tenth of it; default: generated, unless --delivery is given")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", default="2,1", help="the goals are judged at the most")
    parser.add_argument("--only", help=f"names with commas: {', '.join(MEASUREMENTS)}")
    parser.add_argument("--work", type=Path, help="folder for warehouses and generated deliveries; default: temporary")
    parser.add_argument("--out", type=Path, help=f"the page; default {PAGE.relative_to(ROOT)}")
    parser.add_argument("--join", type=Path, nargs="+", help="measure nothing: one page of the results of several runs")
    args = parser.parse_args()
    if args.join:
        page.write(joined(args.join), args.out or PAGE)
        return
    names = args.only.split(",") if args.only else list(MEASUREMENTS)
    if unknown := set(names) - MEASUREMENTS.keys():
        parser.error(f"--only: unknown {', '.join(sorted(unknown))}")
    machine = describe_machine()
    with tempfile.TemporaryDirectory(prefix="isf-bench-") as temporary:
        work = args.work or Path(temporary)
        folders = {"large": args.delivery or make(work, 1)}
        if args.small or not args.delivery:
            folders["small"] = args.small or make(work, 0.1)
        keys = plan(names, [int(n) for n in args.threads.split(",")], "small" in folders)
        deliveries = {scale: describe_delivery(folder) for scale, folder in folders.items()}
        RAW.parent.mkdir(exist_ok=True)
        for measured in run_rounds(keys, folders, work, args.runs):
            results = {"machine": machine, "deliveries": deliveries, "measurements": summary(measured)}
            RAW.write_text(json.dumps(results, indent=1), encoding="utf-8")
    out = args.out or (None if args.only else PAGE)
    if out:
        page.write(results, out)
    print(page.results_table(results))


if __name__ == "__main__":
    main()
