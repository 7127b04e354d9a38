"""How long `isf simulate` takes on a settled delivery, beside settling it: the goals in docs/benchmarks.md.

    python -m tests.benchmarks.simulation HOME DELIVERY [--threads 2] [--settle DELIVERY_FOLDER]

Every line is a command as a user gives it, in a process of its own, start of Python included. The first makes the cube;
what a further alternative and the resamples cost is the difference between two commands.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from pipelines.rules import load as rulesets

HEAD = '[ruleset]\nid = "{id}"\nactivity_year = {year}\nstatus = "draft"\nbase = "{base}"\nsource = "benchmark"\n'
GAP = '[[rule]]\nid = "7.18"\n[[rule.parameter]]\nname = "stay_gap_minutes"\nvalue = "1440"\n'


def write_sets(folder: Path, base: str) -> dict[str, str]:
    """Three rule sets: weights that differ, others that differ, and a rule by which every stay may be another."""
    rules = rulesets.read(base)
    found = {}
    for name, factor in (("weights", "1.05"), ("others", "0.95"), ("gap", None)):
        path = folder / name
        path.mkdir()
        head = HEAD.format(id=name, year=rules.activity_year, base=base)
        (path / "rules.toml").write_text(head + (GAP if factor is None else ""), encoding="utf-8")
        if factor:
            rows = [
                f"{row['sector']},{row['drg']},{(row['base_points'] * Decimal(factor)).quantize(Decimal('0.001'))}"
                for row in rules.tables["drg"][::3]
                if row["base_points"]
            ]
            (path / "drg.csv").write_text("\n".join(["sector,drg,base_points", *rows]) + "\n", encoding="utf-8")
        found[name] = str(path)
    return found


def timed(*arguments: str) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and the peak in GB of `isf` with these arguments."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "pipelines", *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"isf {' '.join(arguments)} ended with {status}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6


def main() -> None:
    arguments = argparse.ArgumentParser(description="How long isf simulate takes.")
    arguments.add_argument("home", type=Path)
    arguments.add_argument("delivery")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--settle", type=Path, help="Folder of the delivery, to settle it in a home of its own.")
    given = arguments.parse_args()
    (given.home / "simulation" / f"{given.delivery}.cube.duckdb").unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as parent:
        base = rulesets.newest_final()
        sets = write_sets(Path(parent), base)
        common = ["simulate", "--home", str(given.home), "--activity", given.delivery, "--threads", str(given.threads)]
        weights, others, gap = (["--alternative", sets[name]] for name in ("weights", "others", "gap"))
        commands = {
            "weights, the cube made first": [*weights, "--only", "weights"],
            "weights": [*weights, "--only", "weights"],
            "weights and another set of weights": [*weights, *others, "--only", "weights"],
            "all that is paid": weights,
            "all that is paid, two alternatives": [*weights, *others],
            "all that is paid, 200 resamples": [*weights, "--bootstrap", "200"],
            "every stay anew": gap,
        }
        print("| command | wall s | CPU s | peak GB |\n|---|---:|---:|---:|")
        for number, (name, words) in enumerate(commands.items()):
            wall, cpu, peak = timed(*common, *words, "--out", str(Path(parent) / str(number)))
            print(f"| {name} | {wall:.1f} | {cpu:.1f} | {peak:.2f} |", flush=True)
        if given.settle:
            home = ["--home", str(Path(parent) / "home"), "--threads", str(given.threads)]
            wall, cpu, peak = timed("settle", str(given.settle), *home)
            print(f"| `isf settle` | {wall:.1f} | {cpu:.1f} | {peak:.2f} |")


if __name__ == "__main__":
    main()
