"""`isf prognosis`: a settled delivery, with what else the home has of use, → what the year will be."""

import contextlib
import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import model, run
from pipelines.engine.progress import Progress, silent
from pipelines.engine.version import program_version
from pipelines.engine.workdays import working_days
from pipelines.prognosis import budget as budgets
from pipelines.prognosis import view
from pipelines.publication import manifest, result
from pipelines.settlement import settled

TABLES = ("prognose_rhf", "prognose_hf", "prognose_maned", "prognose_profil")
REFERENCE = Path(__file__).resolve().parents[2] / "reference_data" / "prognosis"
SETTINGS = REFERENCE / "prognosis.toml"
INTERVALS = REFERENCE / "intervals.csv"
LAST_TERTIAL = 3
LAST_YEAR, WORKING_DAYS = "ifjor", "virkedager"
PAIR, NO_PAIR, FINAL = "par", "uten", "endelig"
WIDTHS = ("systematic", "sampling")
# What intervals.csv has per case: widths, the years they are of, and places within, each seed's by the others' widths.
MEASURED = (*WIDTHS, "years", "rhf_within", "rhf_places", "hf_within", "hf_places")


@dataclass(frozen=True)
class Outcome:
    """What a run gave: the folder, and what to print."""

    path: Path
    unchanged: bool
    text: str


@dataclass(frozen=True)
class Basis:
    """What a prognosis rests on: the delivery, last year's final one and the pair of a tertial's deliveries (None where
    the home has none of use), and by which of the back-test's cases its interval is made."""

    side: dict[str, Any]
    last_year: dict[str, Any] | None
    pair: tuple[dict[str, Any], dict[str, Any]] | None
    profile: str
    revision: str

    @property
    def used(self) -> list[dict[str, Any]]:
        """The deliveries, each once."""
        sides = [self.side, self.last_year, *(self.pair or ())]
        return list({side["delivery"]: side for side in sides if side}.values())


def prognosis(
    home: Path,
    delivery: str,
    *,
    budget: Path | None = None,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
) -> Outcome:
    """Compute and place `<home>/prognoser/<delivery>/`.

    `budget` is a CSV `rhf_orgnr;sektor;poeng`. Raises InputRefused with every problem found; then nothing is written.
    """
    settled.require(home, [delivery], "The prognosis")
    with contextlib.closing(workspace.connect(threads=threads, memory_limit=memory_limit)) as con:
        basis = attach(con, home, delivery)
        rows: list[budgets.Row] = []
        if budget is not None:
            regions = {number for (number,) in con.execute("select rhf_orgnr from wh.main.region").fetchall()}
            sectors = {sector for (sector,) in con.execute("select sector from wh.main.point_price").fetchall()}
            rows = budgets.read(budget, regions, sectors)
        compute(con, basis, rows, progress)
        tables = result.tables_of(con, [model(name, "prognosis") for name in TABLES])
        shown = view.read(con, basis, tables, settings())
        facts = {
            "deliveries": [settled.manifest_entry(con, side) for side in basis.used],
            "inputs": [{"file": budget.name, "sha256": manifest.sha256_of(budget)}] if budget else [],
            "profile": basis.profile,
            "revision": basis.revision,
            "intervals": manifest.sha256_of(INTERVALS),
            "program": program_version(),
        }
        placed = result.place(
            con,
            home / "prognoser",
            delivery,
            tables,
            facts,
            created=basis.side["period_to"],
            title=shown.title,
            summary=view.summary(shown),
            pages=lambda: {"prognose.html": view.page(shown, facts)},
        )
        return Outcome(placed.path, placed.unchanged, view.text(shown))


def settings() -> dict[str, Any]:
    """`prognosis.toml`: the level of the interval and other numbers of the method, each with its reason there."""
    return tomllib.loads(SETTINGS.read_text(encoding="utf-8"))


def attach(
    con: duckdb.DuckDBPyConnection, home: Path, delivery: str, *, last_year: bool = True, pair: bool = True
) -> Basis:
    """Attach the delivery as `wh`, and what the home has of last year and of what is registered late.

    `last_year` and `pair` false: as if the home had nothing of it.
    """
    there = {path.stem for path in homes.settled(home)}
    sides = {delivery: settled.attach(con, home, delivery, "wh")}
    side = sides[delivery]

    def of(name: str) -> dict[str, Any]:
        if name not in sides:
            sides[name] = settled.attach(con, home, name, f"other_{len(sides)}")
        return sides[name]

    year, tertial = side["year"], side["tertial"]
    before = f"{year - 1}-T{LAST_TERTIAL}-2"
    found = of(before) if last_year and before in there else None
    is_first = side["delivery_number"] == 1
    both = None
    for its_year, its_tertial in ((year, tertial - 1), (year - 1, tertial)):
        names = [f"{its_year}-T{its_tertial}-{number}" for number in (1, 2)]
        if is_first and pair and both is None and there.issuperset(names):
            first, final = map(of, names)
            # Of other rules the difference would be the rules' too.
            if all(first[key] == final[key] for key in ("sha256", "drg_source")):
                both = (first, final)
    return Basis(
        side, found, both, LAST_YEAR if found else WORKING_DAYS, FINAL if not is_first else PAIR if both else NO_PAIR
    )


def compute(
    con: duckdb.DuckDBPyConnection, basis: Basis, budget: list[budgets.Row], progress: Progress = silent
) -> None:
    """Run sql/prognosis in the database `work`, where the connection stands afterwards."""
    reading = prepare(con, basis, budget)
    run("prognosis", con, into="work", reading=reading, progress=progress)
    con.execute("use work")


def prepare(
    con: duckdb.DuckDBPyConnection, basis: Basis, budget: list[budgets.Row], *, widths: bool = True
) -> dict[str, str]:
    """Make the database `work` with what sql/prognosis is told; what it reads from elsewhere, for `run`.

    Without `widths` the intervals have none: for the back-test that finds them.
    """
    con.execute("set preserve_insertion_order = false")
    con.execute("attach ':memory:' as work")
    # Where the home has no such delivery, the delivery itself stands in its place and is not used.
    last = (basis.last_year or basis.side)["alias"]
    first, final = (side["alias"] for side in basis.pair or (basis.side, basis.side))
    with workspace.inside(con, "work"):
        budgets.fill(budget, con)
        _fill(con, basis)
        _fill_intervals(con, basis, widths)
    return {
        "settled": "wh.main",
        "settled_landing": "wh.landing",
        "settled_ref": "wh.ref",
        "last_year": f"{last}.main",
        "pair_first": f"{first}.main",
        "pair_final": f"{final}.main",
        "pair_ref": f"{final}.ref",
        "pair_landing": f"{final}.landing",
    }


def _fill(con: duckdb.DuckDBPyConnection, basis: Basis) -> None:
    """Tables `working_day` and `prognosis_choice` where the connection stands."""
    chosen = settings()
    year = basis.side["year"]
    this, before = working_days(year), working_days(year - 1)
    con.execute("create or replace table working_day (month bigint, days bigint, days_last_year bigint)")
    con.executemany("insert into working_day values (?, ?, ?)", [[m, this[m], before[m]] for m in this])
    con.execute(
        "create or replace table prognosis_choice as"
        " select ?::varchar as profile, ?::varchar as revision, ?::decimal(18, 3) as prior_points",
        [basis.profile, basis.revision, chosen["revision"]["prior_points"]],
    )


def _fill_intervals(con: duckdb.DuckDBPyConnection, basis: Basis, widths: bool) -> None:
    """Table `interval_setting`: the back-test's case per sector, `revision` that of its widths; none where too few
    years carry one."""
    tertial, number = basis.side["tertial"], basis.side["delivery_number"]
    chosen = settings()["interval"]
    if widths:
        with INTERVALS.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        # A pair that too few years have tried says more than none at all: then the widths without one are used.
        for revision in dict.fromkeys((basis.revision, NO_PAIR if basis.revision == PAIR else basis.revision)):
            case = (str(tertial), str(number), basis.profile, revision)
            found = [
                [row["sector"], revision, *(row[column] for column in MEASURED)]
                for row in rows
                if (row["tertial"], row["delivery"], row["profile"], row["revision"]) == case
            ]
            if found:
                break
    else:
        sectors = con.execute("select sector from wh.main.point_price order by sector").fetchall()
        found = [[sector, basis.revision, *[0] * len(MEASURED)] for (sector,) in sectors]
    columns = ", ".join(f"{name} {'decimal(18, 6)' if name in WIDTHS else 'bigint'}" for name in MEASURED)
    workspace.fill(
        con,
        "interval_setting",
        f"sector varchar, revision varchar, {columns}, spread_factor decimal(9, 3), smallest_points decimal(18, 3)",
        [
            [*row, chosen["spread_factor"][str(tertial)] if widths else 0, chosen["smallest_points"] if widths else 0]
            for row in found
        ],
    )
