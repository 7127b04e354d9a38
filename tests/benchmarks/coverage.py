"""How often an interval of `isf simulate --bootstrap` holds the truth, by simulation; recorded in docs/simulation.md.

    python -m tests.benchmarks.coverage HOME DELIVERY ALTERNATIVE [--years 40] [--share 0.3] [--resamples 200]

The patients of a settled delivery are the population, and its change is the truth. Smaller years are drawn from it:
each patient comes a Poisson number of times (mean: the share), with all that belongs to it, in all trusts. Each year
gets its intervals by the program's own code. Counted is how often they hold the truth, by the number of patients that a
unit has in the drawn year. What has no patient (the regional deduction) is left out of both.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipelines.engine import workspace
from pipelines.rules import load as rulesets
from pipelines.simulate import bootstrap
from pipelines.simulate.activity import opened
from pipelines.simulate.compare import compare_all
from pipelines.simulate.evaluate import Evaluations, settled_rules

SIZES = (50, 200, 1_000)
POINTS = {measure: (f"{measure}_before", f"{measure}_after") for measure in ("base", "full")}


def truth(population: list[dict], calibrated: bool) -> dict[tuple, tuple[float, float]]:
    """(measure, level, number, sector) → change in points and in per cent of the whole population."""
    found = {}
    for measure, (before, after) in POINTS.items():
        sums: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
        for row in population:
            places = (("land", None), ("rhf", row["residence_rhf_orgnr"]), ("hf", row["hf_orgnr"]))
            for level, number in places:
                to = sums[level, number, row["sector"]]
                to[0] += row[before]
                to[1] += row[after]
        for (level, number, sector), (old, new) in sums.items():
            whole = sums["land", None, sector]
            factor = round(whole[0] / whole[1], 6) if calibrated else 1
            change = new * factor - old
            found[measure, level, number, sector] = (change / 1000, 100 * change / old if old else 0.0)
    return found


def year(con, database: str, population: str, share: float, number: int) -> None:
    """Make `patient_points` of one drawn year; every copy of a patient is a patient."""
    people = [row[0] for row in con.execute(f"select distinct patient_id from {population} order by all").fetchall()]
    draw = np.random.Generator(np.random.PCG64([number, 41]))
    copied = np.repeat(np.arange(len(people)), draw.poisson(share, len(people)))
    con.register(
        "drawn_people",
        pa.table(
            {
                "patient_id": [people[n] for n in copied],
                "draw_number": draw.integers(0, 2**63, len(copied), dtype=np.uint64),
            }
        ),
    )
    con.execute(
        f"create table {database}.patient_points as"
        " select points.* replace (points.patient_id || '-' || drawn.draw_number as patient_id,"
        " drawn.draw_number as draw_number)"
        f" from {population} as points inner join drawn_people as drawn on drawn.patient_id = points.patient_id"
    )
    con.unregister("drawn_people")


def size_of(patients: int) -> str:
    """The row of the table in which a unit of so many patients stands."""
    for low, high in zip((0, *SIZES), SIZES, strict=False):
        if patients < high:
            return f"{low}–{high - 1}"
    return f"{SIZES[-1]} and more"


def measure(home: Path, delivery: str, alternative: str, calibrate: str, years: int, share: float, resamples: int):
    """(measure, level, size) → intervals, those whose per cent and whose points hold the truth."""
    counted: dict[tuple, list[int]] = defaultdict(lambda: [0, 0, 0])
    with opened(home, delivery) as activity:
        con, settled = activity.con, settled_rules(activity)
        evaluations = Evaluations(activity, settled)
        rules = rulesets.read(alternative)
        (comparison,) = compare_all(activity, settled, settled, [rules], calibrate=calibrate, evaluations=evaluations)
        database = bootstrap.patients(activity, evaluations, comparison)
        population = workspace.rows(con, f"select * from {database}.patient_points")
        true = truth(population, calibrate == "sector")
        pair = comparison.database
        con.execute(f"create view {pair}.of_patients as select * from {pair}.effect where unit_type <> 'region'")
        reading = {name: f"{pair}.main.{name}" for name in ("provider", "price", "calibration")}
        reading["effect"] = f"{pair}.main.of_patients"
        for number in range(years):
            drawn = activity.database("year")
            year(con, drawn, f"{database}.patient_points", share, number)
            bootstrap.make(con, drawn, reading, [], resamples, number)
            for row in workspace.rows(con, f"select * from {drawn}.interval"):
                points, percent = true[row["measure"], row["level"], row["orgnr"], row["sector"]]
                if not points or (row["level"] == "land" and calibrate == "sector"):
                    continue  # nothing that could be missed
                to = counted[row["measure"], row["level"], size_of(row["patients"])]
                to[0] += 1
                to[1] += row["percent_low"] is not None and row["percent_low"] <= percent <= row["percent_high"]
                to[2] += row["change_low"] <= share * points <= row["change_high"]
            con.execute(f"detach {drawn}")
    return counted


def main() -> None:
    arguments = argparse.ArgumentParser(description="Coverage of the intervals of isf simulate --bootstrap.")
    arguments.add_argument("home", type=Path)
    arguments.add_argument("delivery")
    arguments.add_argument("alternative")
    arguments.add_argument("--calibrate", default="sector")
    arguments.add_argument("--years", type=int, default=40)
    arguments.add_argument("--share", type=float, default=0.3)
    arguments.add_argument("--resamples", type=int, default=200)
    given = arguments.parse_args()
    counted = measure(
        given.home, given.delivery, given.alternative, given.calibrate, given.years, given.share, given.resamples
    )
    print("| measure | unit | patients | intervals | per cent holds the truth | points hold it |")
    print("|---|---|---|---|---|---|")
    for (name, level, size), (of, percent, points) in sorted(counted.items()):
        print(f"| `{name}` | {level} | {size} | {of} | {100 * percent / of:.1f} % | {100 * points / of:.1f} % |")


if __name__ == "__main__":
    main()
