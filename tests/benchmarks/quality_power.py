"""How small an error the macro checks see, and how often they see one that is none, with and without last year.

    python -m tests.benchmarks.quality_power [--runs 0.005:41 0.02:41 …] [--copies 12] [--work DIR] [--write]
    python -m tests.benchmarks.quality_power --home HOME --delivery NAME --runs SCALE:SEED …    one that is measured

A run is a scale and a seed: a clean delivery of 2026 and that of the year before are generated, settled and measured.
Into copies of what was measured (counts per trust, institution, department and week; no row is touched) errors are
planted by chance, in a few trusts or departments of a copy, and judged as `isf quality` judges, once with the year
before and once without it. Found: a finding of the unit that the clean delivery does not have.
"""

import argparse
import contextlib
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from pipelines.engine import home as homes
from pipelines.engine.workspace import attach, fill
from pipelines.generate import generate
from pipelines.quality import judge, measure
from pipelines.settlement import run as settle

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "quality-benchmark.md"
THIS, BEFORE, DRAFT = "2026-T2-1", "2025-T2-1", "2026-draft"
MARK = "power"
COPIED = ("part_week", "department_week", "macro_value")
EARLIER = ("earlier_value", "earlier_part", "earlier_row", "earlier_error", "earlier_delivery")
TRUSTS, DEPARTMENTS = 3, 20  # with an error in one copy
BOUNDS = (10, 30, 100, 300, 1000, 3000)
Chance = np.random.Generator


@dataclass(frozen=True)
class Error:
    """An error: the units it can be made in with their size, how it is planted in one, the checks that may see it."""

    name: str
    of: str
    units: str
    plant: Callable[[duckdb.DuckDBPyConnection, Chance, str], None]
    checks: frozenset[str]
    level: str = "hf"


def lose(column: str, share: float) -> Callable[[duckdb.DuckDBPyConnection, Chance, str], None]:
    """Rows of a trust in one week or month (`column`) are not delivered, each by the chance `share`."""

    def plant(con: duckdb.DuckDBPyConnection, chance: Chance, trust: str) -> None:
        # Whole ones, and not at the ends, where the extracts of real deliveries differ anyway.
        known = con.execute(
            f"""select distinct {column} from part_week cross join info
            where week >= period_from + interval 14 day and week + interval 21 day <= period_to order by 1"""
        ).fetchall()
        (when,) = known[chance.integers(len(known))]
        cells = con.execute(
            f"""select file, sector, institution_id, month, week, rows_counted from part_week
            where hf_orgnr = ? and {column} = ? order by all""",
            [trust, when],
        ).fetchall()
        lost = chance.binomial([cell[-1] for cell in cells], share)
        fill(
            con, "lost", "file varchar, sector varchar, institution_id varchar, month varchar, week date, n bigint",
            [(*cell[:-1], int(n)) for cell, n in zip(cells, lost, strict=True)],
        )  # fmt: skip
        con.execute(
            """update part_week as p set rows_counted = rows_counted - lost.n from lost
            where p.hf_orgnr = ? and (p.file, p.sector, p.institution_id, p.month, p.week)
                = (lost.file, lost.sector, lost.institution_id, lost.month, lost.week)""",
            [trust],
        )
        con.execute(
            """update macro_value as v set numerator = numerator - gone.n
            from (select sector, month, sum(n) as n from lost where file = 'episode' group by all) as gone
            where v.check_id = 'volume_by_month' and v.hf_orgnr = ?
                and (v.sector, v.month) = (gone.sector, gone.month)""",
            [trust],
        )
        con.execute("delete from part_week where rows_counted = 0")
        con.execute("delete from macro_value where check_id = 'volume_by_month' and numerator = 0")

    return plant


def shift(share: float, *, whole: str = "", lost: tuple[str, ...] = (), gained: str = ""):
    """From the tertial's first day a department codes otherwise: of its cases each loses what is counted in `lost`, or
    of `whole` those not in `gained` come there, by the chance `share`."""

    def plant(con: duckdb.DuckDBPyConnection, chance: Chance, unit: str) -> None:
        names = lost or (gained,)
        cells = con.execute(
            f"""select sector, hf_orgnr, week, {", ".join(names)} {f", {whole}" if whole else ""} from department_week
            cross join info where unit_id = ? and week >= make_date(year, 4 * (tertial - 1) + 1, 1) order by all""",
            [unit],
        ).fetchall()
        for place, name in enumerate(names, 3):
            among = [cell[place + 1] - cell[place] if gained else cell[place] for cell in cells]
            moved = chance.binomial(among, share) * (1 if gained else -1)
            fill(con, "moved", "sector varchar, hf_orgnr varchar, week date, n bigint",
                 [(*cell[:3], int(n)) for cell, n in zip(cells, moved, strict=True)])  # fmt: skip
            con.execute(
                f"""update department_week as d set {name} = {name} + moved.n from moved
                where d.unit_id = ? and (d.sector, d.hf_orgnr, d.week) = (moved.sector, moved.hf_orgnr, moved.week)""",
                [unit],
            )

    return plant


def upcode(share: float, *, since_tertial: bool = False) -> Callable[[duckdb.DuckDBPyConnection, Chance, str], None]:
    """Of a trust's department stays as many as `share` go from the DRG without to that with complication, by chance
    among those that can: in all the period, or from the tertial's first day."""

    def plant(con: duckdb.DuckDBPyConnection, chance: Chance, trust: str) -> None:
        since = "and week >= make_date(year, 4 * (tertial - 1) + 1, 1)" if since_tertial else ""
        cells = con.execute(
            f"""select unit_id, week, stays, paired_stays - complicated from department_week cross join info
            where hf_orgnr = ? and sector = 'SOM' and unit_id is not null {since} order by all""",
            [trust],
        ).fetchall()
        stays, eligible = sum(cell[2] for cell in cells), sum(cell[3] for cell in cells)
        moved = chance.binomial([cell[3] for cell in cells], min(1.0, share * stays / max(eligible, 1)))
        fill(con, "moved", "unit_id varchar, week date, n bigint",
             [(*cell[:2], int(n)) for cell, n in zip(cells, moved, strict=True)])  # fmt: skip
        con.execute(
            """update department_week as d
            set priced_points = priced_points + moved.n * gain.points, complicated = complicated + moved.n
            from moved cross join gain
            where d.hf_orgnr = ? and d.sector = 'SOM' and (d.unit_id, d.week) = (moved.unit_id, moved.week)""",
            [trust],
        )
        con.execute(
            """update macro_value as v
            set numerator = numerator + if(
                v.check_id = 'share_complicated',
                least((select sum(n) from moved), denominator - numerator),
                (select sum(n) from moved) * (select points from gain))
            where v.check_id in ('share_complicated', 'points_per_stay') and v.hf_orgnr = ? and v.sector = 'SOM'""",
            [trust],
        )

    return plant


_EACH_WEEK = """select hf_orgnr, cast(sum(rows_counted) as double) / count(distinct week) from part_week
    where file = 'episode' and hf_orgnr <> '' group by 1 order by 1"""
_CONTACTS = """select unit_id, cast(sum(contacts) as double) / count(distinct week) from department_week cross join info
    where unit_id is not null group by unit_id
    having sum(contacts) filter (where week < make_date(year, 4 * (tertial - 1) + 1, 1)) >= 10
        and sum(contacts) filter (where week >= make_date(year, 4 * (tertial - 1) + 1, 1)) >= 10 order by 1"""
_STAYS = """select hf_orgnr, sum(priced_stays) from department_week
    where sector = 'SOM' and hf_orgnr in (
        select hf_orgnr from macro_value
        where check_id = 'share_complicated' and sector = 'SOM' and numerator < denominator)
    group by 1 having sum(priced_stays) > 0 order by 1"""
_VOLUME = frozenset({"volume_by_week", "volume_by_month", "part_missing"})
_CODING = frozenset({"share_complicated", "points_per_stay", "practice_apart", "practice_shift"})
_SHIFT = frozenset({"practice_shift"})
ERRORS = (
    Error("a week lost at a trust", "episodes a week", _EACH_WEEK, lose("week", 1.0), _VOLUME),
    Error("10 % of a month lost at a trust", "episodes a week", _EACH_WEEK, lose("month", 0.1), _VOLUME),
    Error("30 % of a month lost at a trust", "episodes a week", _EACH_WEEK, lose("month", 0.3), _VOLUME),
    Error("personnel lost on 20 % of a department's contacts", "contacts a week", _CONTACTS,
          shift(0.2, whole="contacts", gained="without_personnel"), _SHIFT, "department"),
    Error("personnel lost on 50 % of a department's contacts", "contacts a week", _CONTACTS,
          shift(0.5, whole="contacts", gained="without_personnel"), _SHIFT, "department"),
    Error("secondary conditions lost on 50 % of a department's episodes", "contacts a week", _CONTACTS,
          shift(0.5, lost=("with_secondary", "with_two_secondary")), _SHIFT, "department"),
    Error("3 % of the stays of a trust upcoded", "stays of the period", _STAYS, upcode(0.03), _CODING),
    Error("3 % of the stays of a trust upcoded from the tertial's first day", "stays of the period", _STAYS,
          upcode(0.03, since_tertial=True), _CODING),
    Error("10 % of the stays of a trust upcoded", "stays of the period", _STAYS, upcode(0.10), _CODING),
)  # fmt: skip


def prepared(work: Path, scale: float, seed: int) -> Path:
    """A home with this year's clean delivery and the year before's, settled and measured."""
    home, name = work / f"home-{scale}-{seed}", f"{scale}-{seed}"
    for delivery, ruleset in ((BEFORE, None), (THIS, DRAFT)):
        if not homes.warehouse(home, delivery).is_file():
            year, tertial, number = int(delivery[:4]), int(delivery[6]), int(delivery[8])
            folder = work / name / delivery
            if not folder.is_dir():
                generate(work / name, year=year, tertial=tertial, delivery=number, scale=scale, seed=seed,
                         ruleset=ruleset)  # fmt: skip
            settle.settle(folder, home, ruleset=ruleset)
        measure.measure(home, delivery)
    return home


def _gain(con: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    """`gain`: what a stay gains in the mean by the DRG with complication in place of that without."""
    attach(con, warehouse, "wh")
    con.execute("""
        create or replace table gain as
        with pair as (
            select drg, base_points, replace(replace(name, 'm/bk', ''), 'u/bk', '') as stem,
                contains(name, 'm/bk') as is_complicated
            from wh.ref.drg where sector = 'SOM' and (contains(name, 'm/bk') or contains(name, 'u/bk'))
        )
        select cast(avg(w.base_points - o.base_points) as decimal(18, 3)) as points
        from wh.main.stay as stay
        inner join pair as o on o.drg = stay.drg and not o.is_complicated
        inner join pair as w on w.stem = o.stem and w.is_complicated
        where stay.is_overnight""")
    con.execute("detach wh")


def _restore(con: duckdb.DuckDBPyConnection) -> None:
    for table in COPIED:
        con.execute(f"drop table if exists {table}")
        con.execute(f"create table {table} as from measured.main.{table}")


def _found(con: duckdb.DuckDBPyConnection) -> set[tuple]:
    judge.macro_rows(con, judged=True)
    return set(con.execute("select check_id, hf_orgnr, coalesce(unit_id, ''), row_key from macro_row").fetchall())


def judged(home: Path, name: str, weights: Path, *, with_last_year: bool, copies: int, seed: int) -> dict:
    """What is found of the planted errors by size (`power`), and what is found on the clean delivery (`clean`)."""
    power: dict[str, dict[int, list[int]]] = {}
    with judge.opened(home, name, history=False) as con:
        _gain(con, weights)
        for table in COPIED:
            con.execute(f"drop view {table}")
        if not with_last_year:
            for table in EARLIER:
                con.execute(f"delete from {table}")
        _restore(con)
        clean, beside = _found(con), 0
        (trusts,) = con.execute("select count(*) from hospital where hf_orgnr <> ''").fetchone()
        (departments,) = con.execute("select count(distinct unit_id) from department_week").fetchone()
        # Errors and units are the same with and without last year.
        chance = np.random.default_rng(seed)
        for error in ERRORS:
            units = con.execute(error.units).fetchall()
            for _ in range(copies if error.level == "hf" else max(1, copies // 3)):
                _restore(con)
                number = min(TRUSTS if error.level == "hf" else DEPARTMENTS, len(units))
                picked = [units[i] for i in sorted(chance.choice(len(units), number, replace=False))]
                for unit, _ in picked:
                    error.plant(con, chance, unit)
                new = _found(con) - clean
                place = 1 if error.level == "hf" else 2
                hit = {row[place] for row in new if row[0] in error.checks}
                beside += len({row[place] for row in new} - {unit for unit, _ in picked} - {""})
                for unit, size in picked:
                    number = int(np.searchsorted(BOUNDS, size, "right"))
                    cell = power.setdefault(error.name, {}).setdefault(number, [0, 0])
                    cell[0] += 1
                    cell[1] += unit in hit
    return {
        "power": power,
        "beside": beside,
        "clean": {
            "trusts": trusts,
            "departments": departments,
            "trusts_found": len({row[1] for row in clean if not row[2]}),
            "departments_found": len({row[2] for row in clean} - {""}),
            "findings": sorted(f"{row[0]} {row[1]} {row[3]}" for row in clean),
        },
    }


def size_name(number: int) -> str:
    """A class of sizes in words."""
    low, high = (0, *BOUNDS)[number], (*BOUNDS, None)[number]
    return f"under {high}" if not low else f"{low} or more" if high is None else f"{low}–{high}"


def table(results: list[dict]) -> list[str]:
    """A line per error and size; a column per scale, without and with last year, the seeds of a scale together."""
    columns = sorted({(run["scale"], run["with_last_year"]) for run in results})
    head = [f"{scale:g}{', last year' if year else ''}" for scale, year in columns]
    lines = ["| error | size | " + " | ".join(head) + " |", "|---|---|" + "---:|" * len(columns)]
    for error in ERRORS:
        for number in range(len(BOUNDS) + 1):
            cells = []
            for scale, year in columns:
                own = [
                    run["power"].get(error.name, {}).get(str(number), [0, 0])
                    for run in results
                    if (run["scale"], run["with_last_year"]) == (scale, year)
                ]
                planted, found = sum(n for n, _ in own), sum(k for _, k in own)
                cells.append(f"{found} of {planted}" if planted else "–")
            if set(cells) != {"–"}:
                lines.append(f"| {error.name} | {size_name(number)} {error.of} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "| scale | seed | last year | trusts with a finding | departments with a finding | beside the planted |",
        "|---:|---:|---|---:|---:|---:|",
    ]
    for run in results:
        clean = run["clean"]
        lines.append(
            f"| {run['scale']:g} | {run['seed']} | {'yes' if run['with_last_year'] else 'no'} |"
            f" {clean['trusts_found']} of {clean['trusts']} | {clean['departments_found']} of {clean['departments']} |"
            f" {run['beside']} |"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", nargs="+", default=["0.005:41", "0.02:41", "0.1:41"], metavar="SCALE:SEED")
    parser.add_argument("--copies", type=int, default=12, help="judged copies per error")
    parser.add_argument("--work", type=Path, help="keep what is generated, settled and found here")
    parser.add_argument("--home", type=Path, help="a home with a measured delivery, in place of generating")
    parser.add_argument("--delivery")
    parser.add_argument("--weights", type=Path, help="a warehouse with the DRG weights, where the home has none")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    results = []
    with contextlib.ExitStack() as stack:
        work = given.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for run in given.runs:
            scale, seed = float(run.split(":")[0]), int(run.split(":")[1])
            kept = work / f"power-{scale}-{seed}-{given.copies}.json"
            if not kept.is_file():
                home, name = given.home or prepared(work, scale, seed), given.delivery or THIS
                weights = given.weights or homes.warehouse(home, name)
                found = [
                    {"scale": scale, "seed": seed, "with_last_year": year}
                    | judged(home, name, weights, with_last_year=year, copies=given.copies, seed=seed)
                    for year in ((False,) if given.home else (False, True))
                ]
                kept.write_text(json.dumps(found, default=str), encoding="utf-8")
            results += json.loads(kept.read_text(encoding="utf-8"))
            print(run, file=sys.stderr)
    lines = table(results)
    print("\n".join(lines))
    for run in results:
        print(run["scale"], run["seed"], run["with_last_year"], *run["clean"]["findings"], sep="\n  ")
    if given.write:
        before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(f"<!-- {MARK} -->")
        _, _, after = rest.partition(f"<!-- end of {MARK} -->")
        text = f"{before}<!-- {MARK} -->\n\n" + "\n".join(lines) + f"\n\n<!-- end of {MARK} -->{after}"
        DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
