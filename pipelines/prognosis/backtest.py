"""How far generated years were from their prognosis: `reference_data/prognosis/intervals.csv`, and a table for docs.

    python -m pipelines.prognosis.backtest --dir DIR --scale 0.01 --seeds 11,12

Every year is generated and settled as its deliveries come, each delivery gives its prognosis (with and without a last
year and a pair of deliveries), and the settled year tells how far off it was: per trust, region and country. The
years are kept in DIR, so a second run makes only what is missing.

The interval of a place with F points is ± sqrt((systematic · F)² + sampling² · F). `sampling` is what the trusts were
off by the square root of their points, as chance goes with size; `systematic` what regions and countries were off
beyond it, relative to their points. Both are made so that the wanted share of places lies
within. `coverage` is honest: every seed is judged by an interval made of the other seeds only.
"""

import argparse
import contextlib
import csv
import itertools
import math
import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.generate import generate
from pipelines.prognosis import run as prognosis
from pipelines.rules import load as rulesets
from pipelines.settlement.run import build_warehouse

DELIVERIES = tuple((tertial, number) for tertial in (1, 2, 3) for number in (1, 2))
COLUMNS = ["tertial", "delivery", "profile", "revision", "sector", "systematic", "sampling", "cells", "coverage"]
LEVELS = ("land", "rhf", "hf")


@dataclass(frozen=True)
class Miss:
    """One place of one prognosis: points expected of the year, and what they turned out to be."""

    seed: int
    level: str
    expected: float
    actual: float

    @property
    def off(self) -> float:
        """How far off, in points."""
        return abs(self.actual - self.expected)

    def within(self, systematic: float, sampling: float) -> bool:
        """Whether the interval of these widths holds the year."""
        half = math.sqrt((systematic * self.expected) ** 2 + sampling**2 * abs(self.expected))
        return self.off <= half + 0.0005


Case = tuple[int, int, str, str, str]  # tertial, delivery, profile, revision, sector


def make(folder: Path, seed: int, scale: float, sets: Iterable[str]) -> Path:
    """The home with the settled deliveries of a seed's years; those that are there are left."""
    home = folder / str(seed)
    homes.prepare(home)
    for ruleset in sets:
        year = rulesets.read(ruleset).activity_year
        for tertial, number in DELIVERIES:
            target = homes.warehouse(home, f"{year}-T{tertial}-{number}")
            if target.exists():
                continue
            delivery = generate(
                home / "deliveries",
                year=year,
                tertial=tertial,
                delivery=number,
                scale=scale,
                seed=seed,
                ruleset=ruleset,
                replace=True,
            )
            with workspace.building(target) as (database, put_in_place):
                workspace.finish(build_warehouse(delivery, database, ruleset=ruleset), database)
                put_in_place()
            shutil.rmtree(delivery)
            print(f"seed {seed}: {target.stem}", flush=True)
    return home


def misses(home: Path, seed: int, delivery: str) -> Iterable[tuple[Case, Miss]]:
    """Every place of the prognoses of a delivery: with and without last year and a pair, where the home has them."""
    year, tertial, number = delivery.split("-")
    truth = f"{year}-T3-2"
    seen = set()
    for last_year, pair in itertools.product((True, False), repeat=2):
        with contextlib.closing(workspace.connect()) as con:
            basis = prognosis.attach(con, home, delivery, last_year=last_year, pair=pair)
            if (basis.profile, basis.revision) in seen:
                continue
            seen.add((basis.profile, basis.revision))
            prognosis.compute(con, basis, [], widths=False)
            workspace.attach(con, homes.warehouse(home, truth), "truth")
            case = (int(tertial[1:]), int(number), basis.profile, basis.revision)
            for level, sector, expected, actual in _against(con):
                yield (*case, sector), Miss(seed, level, expected, actual)


def _against(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, float, float]]:
    """Level, sector, points expected and points settled of every place of which any are expected."""
    return con.execute(
        """
        with actual as (
            select 'rhf' as level, residence_rhf_orgnr as orgnr, sector, sum(points) as points
            from truth.ledger group by all
            union all
            select 'hf' as level, hf_orgnr as orgnr, sector, sum(points) as points
            from truth.ledger where month is not null group by all
            union all
            select 'land' as level, null as orgnr, sector, sum(points) as points from truth.ledger group by all
        )
        select place.level, place.sector, place.points_year::double, coalesce(actual.points, 0)::double
        from place_year as place
        left join actual
            on actual.level = place.level
            and actual.orgnr is not distinct from place.orgnr
            and actual.sector = place.sector
        where place.points_year > 0
        order by place.level, place.orgnr, place.sector"""
    ).fetchall()


def widths(by_case: dict[Case, list[Miss]], level: float) -> dict[Case, tuple[float, float]]:
    """Systematic and sampling width per case. The sampling width holds the wanted share of the case's trusts; the
    systematic one then also of the regions and countries, in every case of the tertial and sector: one case has few."""
    sampling = {
        case: _quantile([miss.off / math.sqrt(miss.expected) for miss in found if miss.level == "hf"], level)
        for case, found in by_case.items()
    }
    systematic: dict[tuple[int, str], float] = defaultdict(float)
    for case, found in by_case.items():
        for name in ("land", "rhf"):
            needed = _quantile([_rest(miss, sampling[case]) for miss in found if miss.level == name], level)
            systematic[case[0], case[4]] = max(systematic[case[0], case[4]], needed)
    return {case: (_up(systematic[case[0], case[4]]), _up(sampling[case])) for case in by_case}


def _rest(miss: Miss, sampling: float) -> float:
    """What the sampling width leaves, as a share of the points."""
    return math.sqrt(max(0.0, miss.off**2 - sampling**2 * miss.expected)) / miss.expected


def _quantile(values: list[float], level: float) -> float:
    """The least of the values that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered), math.ceil(level * len(ordered))) - 1] if ordered else 0.0


def _up(value: float) -> float:
    return math.ceil(value * 1_000_000) / 1_000_000


def held(by_case: dict[Case, list[Miss]], level: float) -> dict[Case, dict[str, tuple[int, int]]]:
    """Case → level → places within the interval and places, each seed judged by the widths of the others."""
    result = {case: dict.fromkeys(LEVELS, (0, 0)) for case in by_case}
    for seed in sorted({miss.seed for found in by_case.values() for miss in found}):
        others = widths({case: [m for m in found if m.seed != seed] for case, found in by_case.items()}, level)
        for case, found in by_case.items():
            for name in LEVELS:
                own = [miss for miss in found if miss.seed == seed and miss.level == name]
                within, places = result[case][name]
                result[case][name] = (within + sum(miss.within(*others[case]) for miss in own), places + len(own))
    return result


def main() -> None:
    """Make the years, judge the prognoses, write the intervals and print what the docs show."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dir", type=Path, required=True, help="folder of the generated years")
    parser.add_argument("--scale", type=float, default=0.01)
    parser.add_argument("--seeds", default="11,12")
    parser.add_argument(
        "--rulesets", default=f"{rulesets.newest_final()},2026-draft", help="two years, one after the other"
    )
    given = parser.parse_args()
    by_case: dict[Case, list[Miss]] = defaultdict(list)
    for seed in map(int, given.seeds.split(",")):
        home = make(given.dir, seed, given.scale, given.rulesets.split(","))
        settled = sorted(path.stem for path in homes.settled(home))
        for delivery in (name for name in settled if not name.endswith("-T3-2")):
            for case, miss in misses(home, seed, delivery):
                by_case[case].append(miss)
    write(by_case)


def write(by_case: dict[Case, list[Miss]]) -> None:
    """Write the intervals, and print the table of the docs."""
    level = float(prognosis.settings()["interval"]["level"])
    rows = []
    made, outside = widths(by_case, level), held(by_case, level)
    print("| tertial | delivery | profile | late | sector | systematic | sampling | country | regions | trusts |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for case in sorted(by_case):
        systematic, sampling = made[case]
        counted = outside[case]
        within, places = (sum(pair[i] for pair in counted.values()) for i in (0, 1))
        rows.append([*case, f"{systematic:.6f}", f"{sampling:.6f}", places, f"{within / places:.6f}"])
        shares = [f"{100 * counted[name][0] / counted[name][1]:.0f} % of {counted[name][1]}" for name in LEVELS]
        print("|", " | ".join(map(str, [*case, f"{100 * systematic:.2f} %", f"{sampling:.2f}", *shares])), "|")
    sectors = sorted({case[4] for case in by_case})
    for profile in (prognosis.LAST_YEAR, prognosis.WORKING_DAYS):
        # The last final delivery is the year itself.
        rows += [[3, 2, profile, prognosis.FINAL, sector, "0.000000", "0.000000", 0, "1.000000"] for sector in sectors]
    with prognosis.INTERVALS.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(sorted(rows))


if __name__ == "__main__":
    main()
