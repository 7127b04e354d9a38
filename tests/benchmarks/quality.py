"""How well the quality checks find injected errors: per kind of the answer key, recall and precision.

    python -m tests.benchmarks.quality [--scale 0.03] [--errors 0.02] [--seed 7] [--work DIR] [--write]

Generates a delivery with errors, settles it, measures, and compares the rows found with `fasit.parquet`. `--write`
puts the table into docs/quality-benchmark.md. Rows that are wrong by nature (`injected` false) count as true.
"""

import argparse
import contextlib
import tempfile
import time
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.engine.workspace import connect
from pipelines.generate import generate
from pipelines.quality import catalogue, measure
from pipelines.settlement import run as settle

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "quality-benchmark.md"

# Kind of the answer key -> the checks that shall find its rows.
FINDS = {
    "required_missing": ("episode_value_missing",),
    "required_unparsable": ("episode_value_unreadable",),
    "value_not_listed": ("episode_value_not_listed",),
    "duplicate_id": ("episode_id_repeated",),
    "ends_before_start": ("episode_ends_before_start",),
    "orphan_child": ("code_without_episode",),
    "kodeverk_not_listed": ("code_row_rejected",),
    "birth_year_unparsable": ("birth_year_unreadable",),
    "debitor_unparsable": ("debitor_unreadable",),
    "line_duplicate_id": ("line_id_repeated",),
    "line_date_unparsable": ("line_rejected",),
    "unit_duplicate_id": ("unit_id_repeated",),
    "unit_isf_missing": ("unit_isf_missing",),
    "icd10_form": ("icd10_form",),
    "line_municipality_missing": ("line_municipality_missing",),
    "line_municipality_unknown": ("line_municipality_unknown",),
    "line_indication_missing": ("line_indication_missing",),
    "line_indication_form": ("line_indication_form",),
}
TARGET = {"structure": (Decimal(99), Decimal(100)), "validity": (Decimal(99), Decimal(100)),
          "plausibility": (Decimal(90), Decimal(80))}  # fmt: skip


def checks_for(kind: str) -> tuple[str, ...]:
    """The checks that shall find a kind; most have its name."""
    return FINDS.get(kind, (kind,))


def compare(results: Path, key: Path) -> list[dict]:
    """Per kind: rows in the key, found, rows the check gave, of them in the key; recall and precision in per cent."""
    with contextlib.closing(duckdb.connect()) as con:
        con.execute(f"attach '{results}' as q (read_only)")
        # A key row whose list of codes was empty before and after is no error: there was nothing to make wrong.
        con.execute(
            """create table fasit as select * from read_parquet(?)
            where not coalesce(original = '' and wrong = '', false)""",
            [str(key)],
        )
        kinds = con.execute("select kind, any_value(tier) from fasit group by kind order by 2 desc, 1").fetchall()
        return [_compare(con, kind, tier) for kind, tier in kinds]


def _compare(con: duckdb.DuckDBPyConnection, kind: str, tier: str) -> dict:
    wanted = list(checks_for(kind))
    con.execute("create or replace temp table hit as select distinct row_key from q.check_row where check_id in "
                "(select unnest(?))", [wanted])  # fmt: skip
    injected, found, found_nature, given, true = con.execute(
        """select (select count(distinct row_id) from fasit where kind = $1 and injected),
            (select count(distinct row_id) from fasit where kind = $1 and injected
                and row_id in (select row_key from hit)),
            (select count(distinct row_id) from fasit where kind = $1 and not injected
                and row_id in (select row_key from hit)),
            (select count(*) from hit),
            (select count(*) from hit where row_key in (select row_id from fasit where kind = $1))""",
        [kind],
    ).fetchone()
    return {
        "kind": kind, "tier": tier, "checks": wanted, "injected": injected, "found": found, "nature": found_nature,
        "given": given, "true": true,
        "recall": 100 * Decimal(found) / injected if injected else None,
        "precision": 100 * Decimal(true) / given if given else None,
    }  # fmt: skip


def run(work: Path, *, scale: float, errors: float, seed: int, tertial: int = 1) -> tuple[list[dict], dict]:
    """Generate, settle, measure and compare: the rows per kind and the facts of the run."""
    year = max(int(name) for name in _years())
    folder = generate(work, year=year, tertial=tertial, delivery=2, scale=scale, seed=seed, errors=errors, threads=1)
    home = work / "home"
    settle.settle(folder, home, accept_quarantine=True)
    started = time.process_time()
    results = measure.measure(home, folder.name)
    seconds = time.process_time() - started
    with contextlib.closing(connect(home / "warehouse" / f"{folder.name}.duckdb", read_only=True)) as con:
        (episodes,) = con.execute("select count(*) from landing.episode").fetchone()
    rows = compare(results, folder.with_name(f"{folder.name}.fasit.parquet"))
    facts = {"scale": scale, "errors": errors, "seed": seed, "tertial": tertial, "episodes": episodes,
             "seconds": seconds, "checks": len(catalogue.checks())}  # fmt: skip
    return rows, facts


def _years() -> list[str]:
    from pipelines.rules import load as ruleset

    return [name for name in ruleset.available() if name.isdigit()]


def shown(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:.1f} %"


def reaches(row: dict) -> bool:
    """Whether a kind meets the goal of its tier."""
    recall, precision = TARGET[row["tier"]]
    return (row["recall"] is None or row["recall"] >= recall) and (
        row["precision"] is None or row["precision"] >= precision
    )


def table(rows: list[dict]) -> str:
    """The comparison as a Markdown table."""
    lines = [
        "| tier | kind of the key | check | injected | found | recall | rows of the check | precision | goal |",
        "|---|---|---|---:|---:|---:|---:|---:|---|",
    ]
    for row in sorted(rows, key=lambda r: (catalogue.TIERS.index(r["tier"]), r["kind"])):
        lines.append(
            f"| {row['tier']} | `{row['kind']}` | {', '.join(f'`{c}`' for c in row['checks'])} | {row['injected']} | "
            f"{row['found']} | {shown(row['recall'])} | {row['given']} | {shown(row['precision'])} | "
            f"{'met' if reaches(row) else 'NOT met'} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.03)
    parser.add_argument("--errors", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--tertial", type=int, default=2)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = args.work or Path(temporary)
        rows, facts = run(work, scale=args.scale, errors=args.errors, seed=args.seed, tertial=args.tertial)
    text = table(rows)
    print(text)
    print(facts)
    if args.write:
        write(text, facts)


def write(text: str, facts: dict) -> None:
    """Put the table and the facts of its run into the document."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition("<!-- table -->")
    _, _, after = rest.partition("<!-- end of table -->")
    told = (
        f"{facts['episodes']} episodes (scale {facts['scale']}, tertial {facts['tertial']}, error rate"
        f" {facts['errors']}, seed {facts['seed']}); {facts['checks']} checks in {facts['seconds']:.1f} s of"
        " processor time.\n\n"
    )
    DOCUMENT.write_text(f"{before}<!-- table -->\n\n{told}{text}\n\n<!-- end of table -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
