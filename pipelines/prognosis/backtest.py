"""How far generated years were from their prognosis: `reference_data/prognosis/intervals.csv`, and a table for docs.

    python -m pipelines.prognosis.backtest --dir DIR --scale 0.005 --seeds 21,22,23 [--only-make | --only-judge]

Every year is generated and settled as its deliveries come, each delivery gives its prognosis (with and without a last
year and a pair of deliveries), and the settled year tells how far off it was: per trust, region and country. The
years are kept in DIR, so a second run makes only what is missing. A generated year has the same seasons as the year
before; so every year's months are made to drift first (`[drift]` of `prognosis.toml`).

The interval of a place with F points is ± sqrt((systematic · F)² + sampling² · F). Both widths are predictions for a
place and a year that were not seen, not descriptions of those that were:

- `sampling` holds the wanted share of one more trust: of n trusts the value of rank ⌈(n + 1) · level⌉ of what they
  were off by the square root of their points, as chance goes with size (split conformal prediction).
- `systematic` is what the year itself is off, which all its places share: Student's t with as many degrees of freedom
  as there are years, times the root of the mean square of what countries or regions were off, relative to their points,
  less the variance of chance at their size; the larger of the two. Few years give a large t.

`held` is honest: every seed is judged by widths made of the other seeds only.
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
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import WAY, models, needed, run
from pipelines.generate import generate
from pipelines.prognosis import run as prognosis
from pipelines.rules import load as rulesets
from pipelines.settlement.run import build_warehouse

# Of the year before only what the prognoses of the next year use.
BEFORE = ((3, 2), (1, 2), (1, 1))
DELIVERIES = ((3, 2), (1, 2), (2, 2), (1, 1), (2, 1), (3, 1))
READ = ("ledger", "service", "pathway", "provider", "region", "point_price")
MONTHS = ("unit_rhythm", "rhythm_month")
COLUMNS = ["tertial", "delivery", "profile", "revision", "sector", *prognosis.MEASURED]
LEVELS = ("land", "rhf", "hf")
MIDSUMMER = 6.5  # the middle of the months 1–12


@dataclass(frozen=True)
class Miss:
    """One place of one prognosis: points expected of the year, and what they turned out to be."""

    seed: int
    year: int
    level: str
    expected: float
    actual: float

    @property
    def off(self) -> float:
        """How far off, in points."""
        return abs(self.actual - self.expected)

    def within(self, systematic: float, sampling: float) -> bool:
        """Whether the interval of these widths holds the year."""
        half = math.sqrt((systematic * self.expected) ** 2 + sampling**2 * self.expected)
        return self.off <= half + 0.0005


Case = tuple[int, int, str, str, str]  # tertial, delivery, profile, revision, sector
Widths = tuple[float, float]  # systematic, sampling


def make(folder: Path, seed: int, scale: float, sets: list[str]) -> Path:
    """The home with the settled deliveries of a seed's years; those that are there are left."""
    home = folder / str(seed)
    for ruleset in sets:
        for tertial, number in DELIVERIES if ruleset == sets[-1] else BEFORE:
            make_one(home, seed, scale, ruleset, tertial, number)
    return home


def make_one(home: Path, seed: int, scale: float, ruleset: str, tertial: int, number: int) -> None:
    """Generate and settle a delivery of the rule set's year, unless it is there."""
    homes.prepare(home)
    year = rulesets.read(ruleset).activity_year
    target = homes.warehouse(home, f"{year}-T{tertial}-{number}")
    if target.exists():
        return
    delivery = generate(
        home / "deliveries",
        year=year,
        tertial=tertial,
        delivery=number,
        scale=scale,
        seed=seed,
        ruleset=ruleset,
        replace=True,
        threads=1,
    )
    with workspace.building(target) as (database, put_in_place):
        con = build_warehouse(delivery, database, ruleset=ruleset, threads=1, way=_what_is_read)
        workspace.finish(con, database)
        put_in_place()
    shutil.rmtree(delivery)
    print(f"seed {seed}: {target.stem}", flush=True)


def _what_is_read(con: duckdb.DuckDBPyConnection, _regrouping: object, _progress: object) -> None:
    """The way as far as a prognosis reads it."""
    run(WAY, con, only=[model.name for model in needed(READ)])


def misses(home: Path, seed: int, delivery: str, drift: dict[str, Decimal]) -> Iterable[tuple[Case, Miss]]:
    """Every place of the prognoses of a delivery: with and without last year and a pair, where the home has them."""
    year, tertial, number = delivery.split("-")
    seen = set()
    for last_year, pair in itertools.product((True, False), repeat=2):
        with contextlib.closing(workspace.connect(threads=1)) as con:
            basis = prognosis.attach(con, home, delivery, last_year=last_year, pair=pair)
            if (basis.profile, basis.revision) in seen:
                continue
            seen.add((basis.profile, basis.revision))
            workspace.attach(con, homes.warehouse(home, f"{year}-T3-2"), "truth")
            reading = prognosis.prepare(con, basis, [], widths=False)
            run("prognosis", con, into="work", reading=reading, only=MONTHS)
            con.execute("use work")
            _drift(con, basis, seed, drift)
            rest = [model.name for model in models("prognosis") if model.name not in MONTHS]
            run("prognosis", con, into="work", reading=reading, only=rest)
            case = (int(tertial[1:]), int(number), basis.profile, basis.revision)
            for level, sector, expected, actual in _against(con):
                yield (*case, sector), Miss(seed, int(year), level, expected, actual)


def factors(seed: int, year: int, sector: str, trusts: list[str], drift: dict[str, Decimal]) -> list[tuple[Any, ...]]:
    """How a trust's months of a generated year differ from the generator's: sector, trust, month, factor."""
    months = np.arange(1, 13)

    def course(place: int, of: str) -> np.ndarray:
        numbers = np.random.default_rng([seed, year, sum(map(ord, sector)), place])
        monthly = numbers.normal(0, float(drift[f"{of}_month"]), 12)
        return monthly + numbers.normal(0, float(drift[f"{of}_trend"])) * (months - MIDSUMMER) / 11

    country = course(0, "country")
    return [
        (sector, trust, month, f"{factor:.6f}")
        for trust in trusts
        for month, factor in enumerate(np.exp(country + course(int(trust), "trust")), 1)
    ]


def _drift(con: duckdb.DuckDBPyConnection, basis: prognosis.Basis, seed: int, drift: dict[str, Decimal]) -> None:
    """Let the months of the delivery's year and of last year drift; table `drift` keeps this year's factors."""
    trusts = [number for (number,) in con.execute("select hf_orgnr from wh.main.provider order by 1").fetchall()]
    sectors = [name for (name,) in con.execute("select sector from wh.main.point_price order by 1").fetchall()]
    for state, year in (("last_year", basis.side["year"] - 1), ("delivery", basis.side["year"])):
        rows = [
            row
            for sector in sectors
            for row in factors(seed, year, sector, [number for number in trusts if number], drift)
        ]
        workspace.fill(con, "drift", "sector varchar, hf_orgnr varchar, month bigint, factor decimal(9, 6)", rows)
        con.execute(
            """
            update rhythm_month
            set points = cast(points * drift.factor as decimal(18, 3)),
                base_points = cast(base_points * drift.factor as decimal(18, 3))
            from drift
            where rhythm_month.state = ? and drift.sector = rhythm_month.sector
                and drift.hf_orgnr = rhythm_month.hf_orgnr and drift.month = rhythm_month.month""",
            [state],
        )


def _against(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, float, float]]:
    """Level, sector, points expected and points settled of every place of which any are expected."""
    return con.execute(
        """
        with entry as (
            select ledger.residence_rhf_orgnr as rhf_orgnr, ledger.hf_orgnr, ledger.sector, ledger.month,
                ledger.points * coalesce(drift.factor, 1) as points
            from truth.ledger as ledger
            left join drift
                on drift.sector = ledger.sector and drift.hf_orgnr = ledger.hf_orgnr and drift.month = ledger.month
        ),
        actual as (
            select 'rhf' as level, rhf_orgnr as orgnr, sector, sum(points) as points from entry group by all
            union all
            select 'hf' as level, hf_orgnr as orgnr, sector, sum(points) as points
            from entry where month is not null group by all
            union all
            select 'land' as level, null as orgnr, sector, sum(points) as points from entry group by all
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


def widths(by_case: dict[Case, list[Miss]], settings: dict[str, Any], fewest: int) -> dict[Case, Widths | None]:
    """Systematic and sampling width per case; None where fewer years than `fewest`, or too few trusts, carry it.

    The systematic width is that of all the cases of a tertial and sector: the largest.
    """
    level, smallest = float(settings["level"]), float(settings["smallest_points"])
    sampling = {}
    for case, found in by_case.items():
        judged = [miss for miss in found if miss.level == "hf" and miss.expected >= smallest]
        sampling[case] = predicted([miss.off / math.sqrt(miss.expected) for miss in judged], level)
    systematic: dict[tuple[int, str], float] = defaultdict(float)
    for case, found in by_case.items():
        if (chance := sampling[case]) is not None and _years(found) >= fewest:
            for name in ("land", "rhf"):
                places = [miss for miss in found if miss.level == name]
                needed = _shared(places, chance, _years(found), level)
                systematic[case[0], case[4]] = max(systematic[case[0], case[4]], needed)
    return {
        case: (_up(systematic[case[0], case[4]]), _up(chance))
        if (chance := sampling[case]) is not None and _years(found) >= fewest
        else None
        for case, found in by_case.items()
    }


def predicted(values: list[float], level: float) -> float | None:
    """What one more value will not exceed with this probability; None where they are too few to say."""
    rank = math.ceil((len(values) + 1) * level)
    return sorted(values)[rank - 1] if rank <= len(values) else None


def _years(found: list[Miss]) -> int:
    return len({(miss.seed, miss.year) for miss in found})


def _shared(places: list[Miss], sampling: float, years: int, level: float) -> float:
    """What places of a year are off together, relative to their points, beyond chance."""
    from scipy.stats import norm, t  # takes long to import

    # Many trusts tell how large chance is, and only the years what their places share.
    chance = (sampling / float(norm.ppf((1 + level) / 2))) ** 2
    variances = [(miss.off / miss.expected) ** 2 - chance / miss.expected for miss in places]
    return float(t.ppf((1 + level) / 2, years)) * math.sqrt(max(0.0, sum(variances) / max(1, len(variances))))


def _up(value: float) -> float:
    return math.ceil(value * 1_000_000) / 1_000_000


def held(by_case: dict[Case, list[Miss]], settings: dict[str, Any]) -> dict[Case, dict[str, tuple[int, int]]]:
    """Case → level → places within the interval and places, each seed judged by the widths of the others."""
    result = {case: dict.fromkeys(LEVELS, (0, 0)) for case in by_case}
    smallest = float(settings["smallest_points"])
    for seed in sorted({miss.seed for found in by_case.values() for miss in found}):
        others = widths({case: [m for m in found if m.seed != seed] for case, found in by_case.items()}, settings, 2)
        for case, found in by_case.items():
            if (made := others[case]) is None:
                continue
            for name in LEVELS:
                own = [m for m in found if m.seed == seed and m.level == name and m.expected >= smallest]
                within, places = result[case][name]
                result[case][name] = (within + sum(miss.within(*made) for miss in own), places + len(own))
    return result


def main() -> None:
    """Make the years, judge the prognoses, write the intervals and print what the docs show."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dir", type=Path, required=True, help="folder of the generated years")
    parser.add_argument("--scale", type=float, default=0.005)
    parser.add_argument("--seeds", default=",".join(map(str, range(21, 31))))
    parser.add_argument(
        "--rulesets", default=f"{rulesets.newest_final()},2026-draft", help="two years, one after the other"
    )
    parser.add_argument("--only-make", action="store_true", help="generate and settle, judge nothing")
    parser.add_argument("--only-judge", action="store_true", help="judge the years that are there, make none")
    given = parser.parse_args()
    drift = prognosis.settings()["drift"]
    by_case: dict[Case, list[Miss]] = defaultdict(list)
    for seed in map(int, given.seeds.split(",")):
        if not given.only_judge:
            make(given.dir, seed, given.scale, given.rulesets.split(","))
        home = given.dir / str(seed)
        settled = sorted(path.stem for path in homes.settled(home))
        for delivery in (name for name in settled if not name.endswith("-T3-2") and not given.only_make):
            for case, miss in misses(home, seed, delivery, drift):
                by_case[case].append(miss)
    if not given.only_make:
        write(by_case)


def write(by_case: dict[Case, list[Miss]]) -> None:
    """Write the intervals, and print the table of the docs."""
    settings = prognosis.settings()["interval"]
    rows: list[list[Any]] = []
    made, outside = widths(by_case, settings, int(settings["fewest_years"])), held(by_case, settings)
    print(
        "| tertial | delivery | profile | late | sector | systematic | sampling | years | country | regions | trusts |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for case in sorted(by_case):
        years, counted = _years(by_case[case]), outside[case]
        if (width := made[case]) is None:
            print("|", " | ".join(map(str, [*case, "–", "–", years, "–", "–", "–"])), "|")
            continue
        systematic, sampling = width
        rows.append([*case, f"{systematic:.6f}", f"{sampling:.6f}", years, *counted["rhf"], *counted["hf"]])
        shares = [f"{counted[name][0]} of {counted[name][1]}" for name in LEVELS]
        print("|", " | ".join(map(str, [*case, f"{100 * systematic:.2f} %", f"{sampling:.2f}", years, *shares])), "|")
    sectors = sorted({case[4] for case in by_case})
    for profile in (prognosis.LAST_YEAR, prognosis.WORKING_DAYS):
        # The last final delivery is the year itself.
        rows += [[3, 2, profile, prognosis.FINAL, sector, "0.000000", "0.000000", *[0] * 5] for sector in sectors]
    with prognosis.INTERVALS.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(sorted(rows))


if __name__ == "__main__":
    main()
