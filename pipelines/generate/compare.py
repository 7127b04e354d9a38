"""Generated against published: `python -m pipelines.generate.compare --scale 0.1 --scale 1 --home DIR`.

Makes the final delivery of the year at each scale in a process of its own (time, memory), settles the
largest with the engine, and writes the measured tables into `docs/synthetic-data.md` between its marks.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from pipelines.engine.workspace import connect
from pipelines.generate import refs
from pipelines.rules import load as rulesets
from pipelines.settlement.run import build_warehouse

PAGE = Path(__file__).resolve().parents[2] / "docs" / "synthetic-data.md"
START, END = "<!-- measured -->", "<!-- end of measured -->"
_CHILD = """
import resource, sys
from pathlib import Path
from pipelines.generate import generate
out, year, scale = sys.argv[1:]
generate(Path(out), year=int(year), tertial=3, delivery=2, scale=float(scale), seed=1)
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_maxrss, used.ru_utime + used.ru_stime)
"""


def measure(home: Path, year: int, scale: float) -> dict:
    """Generate the year at a scale in a new process; its folder, seconds, processor seconds and memory."""
    out = home / f"scale-{scale:g}"
    out.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(out), str(year), str(scale)],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - began
    memory, cpu = done.stdout.split()[-2:]
    folder = out / f"{year}-T3-2"
    rows = {path.stem: pq.read_metadata(path).num_rows for path in sorted(folder.glob("*.parquet"))}
    size = sum(path.stat().st_size for path in folder.iterdir())
    return {
        "folder": folder,
        "scale": scale,
        "seconds": seconds,
        "cpu": float(cpu),
        "memory": int(memory) / 2**20,
        "rows": rows,
        "megabytes": size / 1e6,
    }


def compare(con: duckdb.DuckDBPyConnection, scale: float) -> tuple[list[tuple], list[tuple]]:
    """Generated and published points of a whole year, per trust and per region of residence."""
    con.execute("attach ':memory:' as mixes; use mixes")
    [(ruleset,)] = con.execute("select ruleset from warehouse_ref").fetchall()
    refs.load(con, ruleset)
    con.execute(f"""
        create temp table generated as
        select sector, hf_orgnr as hf, residence_rhf_orgnr as rhf, sum(points)::double / {scale} as points
        from base_points group by all""")
    trusts = con.execute("""
        with points as (select sector, hf, sum(points) as points from generated group by all),
        known as (
            select p.sector, p.points, t.hf_name as name,
                if(p.sector = 'SOM', t.published_points_somatikk, t.published_points_phvtsb)::double
                    as published,
                coalesce(t.rhf_orgnr, p.hf) as rhf
            from points as p left join ref.trust as t on t.hf_orgnr = p.hf
        ),
        shared as (
            select k.sector, g.label as name, sum(k.points) as points, any_value(g.points) as published
            from known as k
            inner join syn.targets as g on g.kind = 'private' and g.sector = k.sector
                and coalesce(g.orgnr, k.rhf) = k.rhf
            where k.published is null group by all
        )
        select sector, name, published, points from known where published is not null
        union all select sector, name, published, points from shared
        order by sector desc, published desc, name""").fetchall()
    regions = con.execute("""
        select t.sector, t.label, t.points, sum(g.points)
        from syn.targets as t left join generated as g on g.sector = t.sector and g.rhf = t.orgnr
        where t.kind = 'residence' group by all order by t.sector desc, t.points desc""").fetchall()
    return trusts, regions


def _open(folder: Path, home: Path) -> duckdb.DuckDBPyConnection:
    """A connection with `base_points` and `warehouse_ref` (the rule set) of the delivery, settled."""
    database = home / "compare.duckdb"
    database.unlink(missing_ok=True)
    con = build_warehouse(folder, database, memory_limit="6GB")
    parts = con.execute("""
        select sector, hf_orgnr, residence_rhf_orgnr, sum(points) as points from ledger
        where kind = 'base' and unit_type <> 'pathway' group by all""").to_arrow_table()
    ruleset = con.execute("select ruleset from ref.ruleset").to_arrow_table()
    con.close()
    database.unlink()
    small = connect()
    small.register("base_points", parts)
    small.register("warehouse_ref", ruleset)
    return small


def _table(rows: list[tuple], head: str) -> list[str]:
    lines = [f"| sector | {head} | published | generated | deviation |", "|---|---|---:|---:|---:|"]
    for sector, name, published, points in rows:
        away = 100 * (points / published - 1)
        lines.append(f"| {sector} | {name} | {published:,.0f} | {points:,.0f} | {away:+.2f} % |")
    return lines


def report(runs: list[dict], trusts: list[tuple], regions: list[tuple]) -> str:
    """The measured part of the page, as Markdown."""
    largest = max(runs, key=lambda r: r["scale"])
    lines = [
        f"Measured on {os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}; tertial 3, delivery 2, seed 1, Parquet.",
        "",
        "| scale | rows of `episode` | seconds | processor seconds | peak memory, GB | size, MB |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {r['scale']:g} | {r['rows']['episode']:,} | {r['seconds']:.0f} | {r['cpu']:.0f} "
        f"| {r['memory']:.1f} | {r['megabytes']:.0f} |"
        for r in runs
    ]
    lines += ["", f"Rows at scale {largest['scale']:g}:", "", "| table | rows |", "|---|---:|"]
    lines += [f"| `{name}` | {n:,} |" for name, n in largest["rows"].items()]
    worst = max(abs(p / q - 1) for _, _, q, p in [*trusts, *regions])
    lines += [
        "",
        f"Points at scale {largest['scale']:g}; the largest deviation is {100 * worst:.2f} %.",
        "",
        *_table(regions, "region of residence"),
        "",
        *_table(trusts, "trust"),
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, compare and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, action="append", required=True)
    parser.add_argument("--home", type=Path, required=True, help="where the deliveries are made and left")
    arguments = parser.parse_args()
    year = int(rulesets.newest_final())
    runs = [measure(arguments.home, year, scale) for scale in sorted(arguments.scale)]
    con = _open(runs[-1]["folder"], arguments.home)
    text = report(runs, *compare(con, runs[-1]["scale"]))
    page = PAGE.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(START) + r".*?" + re.escape(END), re.S)
    PAGE.write_text(pattern.sub(lambda _: f"{START}\n\n{text}\n\n{END}", page), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
