"""How small an error the macro checks see: planted in the counts of a clean delivery, at several scales.

    python -m tests.benchmarks.quality_power [--scales 0.02,0.08] [--seed 41] [--work DIR] [--write]
    python -m tests.benchmarks.quality_power --home HOME --delivery 2025-T3-2     a delivery that is settled already

Per scale a clean delivery of 2026 is generated, settled and measured, with and without that of the year before. Into
copies of what was measured (counts per trust, institution, department and week; no row is touched) errors are planted,
a few trusts or departments at a time, and judged as `isf quality` judges. Found: a finding of the unit that the clean
delivery does not have.
"""

import argparse
import contextlib
import random
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.engine import home as homes
from pipelines.generate import generate
from pipelines.quality import judge, measure
from pipelines.settlement import run as settle

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "quality-benchmark.md"
NAME, BEFORE = "2026-T2-1", "2025-T2-1"
MARKS = "<!-- power -->", "<!-- end of power -->"
AT_ONCE, ROUNDS = 4, 5  # units with an error in a judged copy; copies per kind of error


@dataclass(frozen=True)
class Error:
    """An error: where it is planted, the statements that plant it (`{unit}`, `{week}`, `{month}`, `{share}`), and the
    checks that may see it."""

    name: str
    level: str
    statements: tuple[str, ...]
    checks: tuple[str, ...]


def _shift(share: float) -> tuple[str, ...]:
    return (
        f"""update department_week set without_personnel = least(contacts, without_personnel
            + cast(round({share} * (contacts - without_personnel)) as bigint))
        where unit_id = '{{unit}}' and week >= '{{split}}'""",
    )


WEEKLY, MONTHLY = ("volume_by_week", "part_missing"), ("volume_by_week", "volume_by_month", "part_missing")
ERRORS = (
    Error("en uke tapt", "trust", ("delete from part_week where hf_orgnr = '{unit}' and week = '{week}'",), WEEKLY),
    Error(
        "10 % av en måned tapt", "trust",
        (
            "update part_week set rows_counted = cast(round(0.9 * rows_counted) as bigint)"
            " where hf_orgnr = '{unit}' and month = '{month}'",
            "update macro_value set numerator = round(0.9 * numerator)"
            " where check_id = 'volume_by_month' and hf_orgnr = '{unit}' and month = '{month}'",
        ), MONTHLY,
    ),
    Error(
        "30 % av en måned tapt", "trust",
        (
            "update part_week set rows_counted = cast(round(0.7 * rows_counted) as bigint)"
            " where hf_orgnr = '{unit}' and month = '{month}'",
            "update macro_value set numerator = round(0.7 * numerator)"
            " where check_id = 'volume_by_month' and hf_orgnr = '{unit}' and month = '{month}'",
        ), MONTHLY,
    ),
    Error("skift i én avdeling, 20 % av kontaktene", "department", _shift(0.2), ("practice_shift",)),
    Error("skift i én avdeling, 50 % av kontaktene", "department", _shift(0.5), ("practice_shift",)),
    *(
        Error(
            f"oppkoding av {round(100 * share)} % av oppholdene", "trust",
            (
                # So many of all overnight stays go from the DRG without to that with complication.
                f"update macro_value set numerator = least(denominator, numerator + round({share} * denominator))"
                " where check_id = 'share_complicated' and hf_orgnr = '{unit}' and sector = 'SOM'",
                f"update department_week set priced_points = priced_points + {share} * priced_stays * {{gain}}"
                " where hf_orgnr = '{unit}' and sector = 'SOM'",
            ), ("share_complicated", "practice_apart"),
        )
        for share in (0.03, 0.10)
    ),
)  # fmt: skip


def gain(warehouse: Path) -> float:
    """What a stay gains in the mean by the DRG with complication in place of that without."""
    with contextlib.closing(duckdb.connect(str(warehouse), read_only=True)) as con:
        (found,) = con.execute("""
            with pair as (
                select drg, base_points, replace(replace(name, 'm/bk', ''), 'u/bk', '') as stem,
                    contains(name, 'm/bk') as is_complicated
                from ref.drg where sector = 'SOM' and (contains(name, 'm/bk') or contains(name, 'u/bk')))
            select avg(w.base_points - o.base_points) from stay
            inner join pair as o on o.drg = stay.drg and not o.is_complicated
            inner join pair as w on w.stem = o.stem and w.is_complicated where stay.is_overnight""").fetchone()
    return float(found)


def copied(home: Path, target: Path, names: list[str]) -> Path:
    """A home with copies of what was measured; the warehouses are only named."""
    for folder in ("warehouse", "quality"):
        (target / folder).mkdir(parents=True, exist_ok=True)
    for name in names:
        homes.warehouse(target, name).symlink_to(homes.warehouse(home, name))
        shutil.copy(homes.quality(home, name), homes.quality(target, name))
    return target


FOUND = """select check_id, hf_orgnr, coalesce(unit_id, '') as unit, row_key, coalesce(since, '1900-01-01') as since
    from macro_row"""


def found(home: Path, name: str) -> set[tuple]:
    with judge.opened(home, name) as con:
        judge.macro_rows(con, judged=True)
        return set(con.execute(FOUND).fetchall())


def planted(home: Path, name: str, error: Error, units: list[str], where: dict) -> None:
    with contextlib.closing(duckdb.connect(str(homes.quality(home, name)))) as con:
        for unit in units:
            for statement in error.statements:
                con.execute(statement.format(unit=unit.replace("'", "''"), **where))


def power(home: Path, names: list[str], seed: int) -> tuple[list[dict], dict]:
    """Per error and size of the unit: how many were planted and found; and what the clean delivery says."""
    name, chance = names[-1], random.Random(seed)
    with contextlib.closing(duckdb.connect(str(homes.quality(home, name)), read_only=True)) as con:
        trusts = con.execute("""select hf_orgnr, sum(rows_counted) / count(distinct week) from part_week
            where file = 'episode' and hf_orgnr <> '' group by 1 order by 1""").fetchall()
        departments = con.execute("""select unit_id, sum(contacts) / count(distinct week) from department_week
            where unit_id is not null group by 1 having sum(contacts) >= 30 order by 1""").fetchall()
        weeks = [row[0] for row in con.execute(
            "select distinct week from part_week cross join info where week >= period_from and week + 6 <= period_to"
            " order by 1").fetchall()]  # fmt: skip
        months = [row[0] for row in con.execute(
            "select distinct month from part_week cross join info"
            " where month between strftime(period_from, '%Y-%m') and strftime(period_to, '%Y-%m') order by 1"
        ).fetchall()]  # fmt: skip
        (split,) = con.execute("select make_date(year, 4 * (tertial - 1) + 1, 1) from info").fetchone()
        (all_departments,) = con.execute("select count(distinct unit_id) from department_week").fetchone()
    more = gain(homes.warehouse(home, name))
    with tempfile.TemporaryDirectory() as folder:
        clean = found(copied(home, Path(folder) / "clean", names), name)
    rows: dict[tuple, list[int]] = {}
    for error in ERRORS:
        for turn in range(ROUNDS):
            units = dict(chance.sample(trusts if error.level == "trust" else departments, AT_ONCE))
            where = {"week": chance.choice(weeks[2:-2]), "month": chance.choice(months), "split": split, "gain": more}
            with tempfile.TemporaryDirectory() as folder:
                one = copied(home, Path(folder) / f"{turn}", names)
                planted(one, name, error, list(units), where)
                new = {row[:4] for row in found(one, name)} - {row[:4] for row in clean}
            for unit, size in units.items():
                hit = any(
                    check in error.checks and (hf == unit if error.level == "trust" else department == unit)
                    for check, hf, department, _ in new
                )
                cell = rows.setdefault((error.name, _class(size)), [0, 0])
                cell[0] += 1
                cell[1] += hit
    facts = {
        "trusts": len(trusts),
        "departments": all_departments,
        "trusts_found": len({row[1] for row in clean if not row[2]}),
        "departments_found": len({row[2] for row in clean if row[2]}),
        "findings": sorted({(row[0], row[1], row[3]) for row in clean}),
    }
    return [
        {"error": error, "size": size, "planted": n, "found": k} for (error, size), (n, k) in sorted(rows.items())
    ], facts


CLASSES = (10, 30, 100, 300, 1000, 10**9)


def _class(size: float) -> int:
    return next(number for number, top in enumerate(CLASSES) if size < top)


def sizes() -> list[str]:
    lower = (0, *CLASSES[:-1])
    return [f"{low}–{top}" if top < 10**9 else f"{low} og mer" for low, top in zip(lower, CLASSES, strict=True)]


def prepared(work: Path, scale: float, seed: int) -> Path:
    """A home with this year's clean delivery and the year before's, settled and measured."""
    home = work / f"home-{scale}"
    for number, name in enumerate((BEFORE, NAME)):
        if not homes.warehouse(home, name).is_file():
            year, tertial, delivery = int(name[:4]), int(name[6]), int(name[8])
            into = work / f"{scale}"
            generate(into, year=year, tertial=tertial, delivery=delivery, scale=scale, seed=seed + number)
            settle.settle(into / name, home)
        measure.measure(home, name)
    return home


def table(results: dict[str, list[dict]]) -> list[str]:
    """A line per error and size, a column per delivery judged."""
    lines = ["| feil | episoder per uke | " + " | ".join(results) + " |", "|---|---|" + "---:|" * len(results)]
    cells = {(key, row["error"], row["size"]): row for key, rows in results.items() for row in rows}
    for error in ERRORS:
        for number, size in enumerate(sizes()):
            own = [cells.get((key, error.name, number)) for key in results]
            if any(own):
                text = " | ".join("–" if one is None else f"{one['found']} av {one['planted']}" for one in own)
                lines.append(f"| {error.name} | {size} | {text} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scales", default="0.02,0.08")
    parser.add_argument("--seed", type=int, default=41)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--delivery")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    results, notes = {}, []

    def judged(key: str, home: Path, names: list[str]) -> None:
        results[key], facts = power(home, names, given.seed)
        notes.append(
            f"- {key}: on the clean delivery {facts['trusts_found']} of {facts['trusts']} trusts and"
            f" {facts['departments_found']} of {facts['departments']} departments have a finding."
        )
        print(key, *facts["findings"], sep="\n  ")

    with contextlib.ExitStack() as stack:
        if given.home:
            judged(f"{given.delivery}", given.home, [given.delivery])
        else:
            work = given.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            for scale in map(float, given.scales.split(",")):
                home = prepared(work, scale, given.seed)
                judged(f"skala {scale}", home, [NAME])
                judged(f"skala {scale}, med i fjor", home, [BEFORE, NAME])
    lines = [*table(results), "", *notes]
    print("\n".join(lines))
    if given.write:
        text = DOCUMENT.read_text(encoding="utf-8")
        start, end = (text.index(mark) for mark in MARKS)
        body = f"{MARKS[0]}\n\n" + "\n".join(lines) + "\n\n"
        DOCUMENT.write_text(text[:start] + body + text[end:], encoding="utf-8")


if __name__ == "__main__":
    main()
