"""Row checks against errors injected by another hand: what is found, and what is at stake against a true repair.

    python -m tests.benchmarks.quality_repair [--scale 0.02] [--seed 101] [--variants | --others] [--work DIR] [--write]

A clean delivery is generated and settled; `quality_kinds` makes each patient's rows wrong in at most one place; the
wrong delivery is settled and measured. Found: the injected row is a finding of one of the kind's checks. Precision: of
the new rows of the check (those of the clean delivery apart), how many are injected ones. At stake: what the finding
says against what the patient's ledger moved from wrong to clean.
"""

import argparse
import contextlib
import json
import shutil
import tempfile
import time
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.engine import home as homes
from pipelines.engine.workspace import attach, connect, show
from pipelines.generate import generate
from pipelines.quality import catalogue, measure
from pipelines.settlement import run as settle
from tests.benchmarks.quality_kinds import KINDS, VARIANTS, Kind
from tests.benchmarks.quality_others import OTHERS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "quality-benchmark.md"
TABLES = ("episode", "tilstand", "prosedyre", "helseperson", "takst", "enhet", "hresept", "akonto")
NAME = "2025-T2-1"


def inject(clean: Path, target: Path, home: Path, seed: int, kinds: tuple[Kind, ...]) -> None:
    """Write a copy of the delivery with every kind of error, and `injected.parquet` beside it."""
    target.mkdir(parents=True)
    with contextlib.closing(connect()) as con:
        for table in TABLES:
            con.execute(f"create table {table} as select * from '{clean / f'{table}.parquet'}'")
        attach(con, homes.warehouse(home, NAME), "wh")
        con.execute("""
            create table hours_matter as
                select value as drg from wh.ref.parameter where rule = '7.19' and parameter = 'drg';
            create table surgical as select drg from wh.ref.drg where sector = 'SOM' and drg_type = 'K';
            create table used (patient varchar);
            create table injected (kind varchar, row_key varchar, original varchar, patient varchar)""")
        for kind in kinds:
            _inject(con, kind, seed)
        for table in TABLES:
            order = {"episode": "episodeID", "enhet": "enhetID", "hresept": "utleveringID", "akonto": "all"}
            con.execute(f"copy (from {table} order by {order.get(table, 'all')}) to '{target / f'{table}.parquet'}'")
        con.execute(f"copy injected to '{target.parent / 'injected.parquet'}'")
    manifest = json.loads((clean / "leveranse.json").read_text())
    manifest.pop("files", None)
    (target / "leveranse.json").write_text(json.dumps(manifest))


def _inject(con: duckdb.DuckDBPyConnection, kind: Kind, seed: int) -> None:
    key = "utleveringID" if kind.table == "hresept" else "episodeID"
    con.execute(f"""create or replace table picked as
        select id, patient, row_number() over (order by id) as nr from (
            select e.{key} as id, e.pasientID as patient from {kind.table} as e
            where {kind.where} and e.pasientID not in (select patient from used)
            qualify row_number() over (partition by e.pasientID order by md5(e.{key} || '{seed}')) = 1
            order by md5(e.{key} || '{kind.name}{seed}') limit {kind.wanted})""")
    for statement in kind.statements:
        con.execute(statement)
    con.execute("insert into used select patient from picked")
    con.execute("insert into injected select ?, ? || id, id, patient from picked", [kind.name, kind.prefix])


def measured(home: Path) -> tuple[Path, float]:
    """Measure the delivery of a home; the results and the processor time."""
    started = time.process_time()
    return measure.measure(home, NAME), time.process_time() - started


def compare(work: Path, kinds: tuple[Kind, ...]) -> list[dict]:
    """A row per kind: injected, found, precision, at stake and what a true repair moves."""
    with contextlib.closing(duckdb.connect()) as con:
        for which in ("clean", "wrong"):
            attach(con, homes.warehouse(work / f"home-{which}", NAME), f"{which}_wh")
            attach(con, homes.quality(work / f"home-{which}", NAME), f"{which}_q")
            con.execute(f"attach ':memory:' as {which}")
            con.execute(f"use {which}.main")
            show(con, "*", f"{which}_wh")
            # The patients' points as the program itself adds them up for its trials; a whole delivery is trial 0.
            statement = _points()
            con.execute(f"create table {which}.main.patient_points as {statement}")
        con.execute("use memory.main")
        con.execute(f"create table injected as from '{work / 'injected.parquet'}'")
        con.execute("""create table moved as
            select coalesce(c.patient_id, w.patient_id) as patient,
                coalesce(c.points, 0) - coalesce(w.points, 0) as points
            from clean.patient_points as c full join wrong.patient_points as w on w.patient_id = c.patient_id""")
        con.execute("""create table new_row as select * from wrong_q.check_row
            where (check_id, row_key) not in (select (check_id, row_key) from clean_q.check_row)""")
        return [_row(con, kind) for kind in kinds]


def _points() -> str:
    (model,) = [m for m in _effects() if m.name == "patient_points"]
    return model.sql.replace("cast(split_part(patient_id, '|', 1) as bigint) as clone_nr", "0 as clone_nr").replace(
        "substr(patient_id, strpos(patient_id, '|') + 1) as patient_id", "patient_id"
    )


def _effects():
    from pipelines.engine.models import models

    return models(catalogue.EFFECTS)


def _row(con: duckdb.DuckDBPyConnection, kind: Kind) -> dict:
    checks = list(kind.checks) or _finders(con, kind)
    con.execute("create or replace temp table hit as select distinct on (row_key) * from new_row where check_id in "
                "(select unnest(?)) order by row_key, abs(points_at_stake) desc", [checks])  # fmt: skip
    # Of two that are alike either may be told as the copy.
    injected, found = con.execute(
        """select count(*), count(*) filter (
            where row_key in (select row_key from hit) or original in (select row_key from hit))
        from injected where kind = ?""", [kind.name]).fetchone()  # fmt: skip
    (others,) = con.execute("""select count(*) from hit where row_key not in (
        select row_key from injected union select original from injected)""").fetchone()
    (given,) = con.execute("select count(*) from hit").fetchone()
    # A copy under another patient id moves that patient's points.
    stake, actual, within, rows, moved = con.execute(
        """select coalesce(sum(h.points_at_stake), 0), coalesce(sum(m.points) filter (where h.row_key is not null), 0),
            count(*) filter (where m.points between least(h.points_low, h.points_at_stake) and
                greatest(h.points_high, h.points_at_stake)),
            count(h.row_key) filter (where m.patient is not null), coalesce(sum(m.points), 0)
        from injected as i
        left join hit as h on h.row_key = if(i.row_key in (select row_key from hit), i.row_key, i.original)
        left join (
            select if(starts_with(patient, 'X-'), patient[3:], patient) as patient, sum(points) as points
            from moved group by 1
        ) as m on m.patient = i.patient where i.kind = ?""", [kind.name]).fetchone()  # fmt: skip
    known = catalogue.by_id()
    own = [known[name] for name in checks if name in known]
    return {
        "kind": kind.name, "checks": checks, "injected": injected, "found": found, "given": given, "others": others,
        "stake": Decimal(stake), "actual": Decimal(actual), "within": within, "rows": rows, "moved": Decimal(moved),
        "certain": any(c.certain for c in own), "repaired": any(c.repair != catalogue.NO_REPAIR for c in own),
    }  # fmt: skip


def _finders(con: duckdb.DuckDBPyConnection, kind: Kind) -> list[str]:
    """The checks that find rows of a kind which names none, those that find most first."""
    found = con.execute(
        """select check_id from new_row where row_key in (
            select row_key from injected where kind = ? union select original from injected where kind = ?)
        group by check_id having count(*) * 20 >= (select count(*) from injected where kind = ?)
        order by count(*) desc, check_id""",
        [kind.name] * 3,
    ).fetchall()
    return [check for (check,) in found]


def run(work: Path, *, scale: float, seed: int, kinds: tuple[Kind, ...] = KINDS) -> tuple[list[dict], dict]:
    """Generate, inject, settle both, measure both: the rows per kind and the facts of the run."""
    clean = work / "clean" / NAME
    if not clean.is_dir():
        year, tertial, delivery = NAME[:4], NAME[6], NAME[8]
        generate(work / "clean", year=int(year), tertial=int(tertial), delivery=int(delivery), scale=scale, seed=seed)
    home = work / "home-clean"
    if not homes.warehouse(home, NAME).is_file():
        settle.settle(clean, home)
    shutil.rmtree(work / "wrong", ignore_errors=True)
    shutil.rmtree(work / "home-wrong", ignore_errors=True)
    inject(clean, work / "wrong" / NAME, home, seed, kinds)
    shutil.move(work / "wrong" / "injected.parquet", work / "injected.parquet")
    settle.settle(work / "wrong" / NAME, work / "home-wrong", accept_quarantine=True)
    measured(home)
    results, seconds = measured(work / "home-wrong")
    with contextlib.closing(connect(results, read_only=True)) as con:
        (errors,) = con.execute("select count(*) from check_error").fetchone()
    with contextlib.closing(connect(homes.quality(home, NAME), read_only=True)) as con:
        false = con.execute("select check_id, count(*) from check_row group by all order by 2 desc, 1").fetchall()
    with contextlib.closing(connect(homes.warehouse(home, NAME), read_only=True)) as con:
        (episodes,) = con.execute("select count(*) from landing.episode").fetchone()
    facts = {"scale": scale, "seed": seed, "episodes": episodes, "seconds": seconds, "errors": errors, "clean": false}
    return compare(work, kinds), facts


def _percent(part, whole) -> str:
    return f"{100 * Decimal(part) / Decimal(whole):.1f} %" if whole else "–"


def table(rows: list[dict]) -> str:
    """The comparison as a Markdown table."""
    lines = [
        "| kind | checks | injected | found | precision | repair | at stake | true | off | within | all of the kind |",
        "|---|---|---:|---:|---:|---|---:|---:|---:|---:|---:|",
    ]
    for r in rows:
        repair = "none" if not r["repaired"] else "certain" if r["certain"] else "range"
        off = _percent(r["stake"] - r["actual"], abs(r["actual"])) if r["repaired"] else "–"
        lines.append(
            f"| `{r['kind']}` | {', '.join(f'`{c}`' for c in r['checks'])} | {r['injected']} | "
            f"{_percent(r['found'], r['injected'])} | {_percent(r['given'] - r['others'], r['given'])} | {repair} | "
            f"{r['stake']} | {r['actual']} | {off} | "
            f"{_percent(r['within'], r['rows']) if r['repaired'] else '–'} | {r['moved']} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=101)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--variants", action="store_true", help="the errors of the second hand")
    which.add_argument("--others", action="store_true", help="the errors of the third hand, whose finders are told")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        mark = "variants" if args.variants else "others" if args.others else "repair"
        kinds = {"variants": VARIANTS, "others": OTHERS, "repair": KINDS}[mark]
        rows, facts = run(args.work or Path(temporary), scale=args.scale, seed=args.seed, kinds=kinds)
    text = table(rows)
    print(text)
    print(facts)
    if args.write:
        write(text, facts, mark)


def write(text: str, facts: dict, mark: str) -> None:
    """Put the table and the facts of its run into the document."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(f"<!-- {mark} -->")
    _, _, after = rest.partition(f"<!-- end of {mark} -->")
    clean = ", ".join(f"`{name}` {count}" for name, count in facts["clean"])
    told = (
        f"{facts['episodes']} episodes (scale {facts['scale']}, seed {facts['seed']}); checks and repair"
        f" {facts['seconds']:.1f} s of processor time. Rows found in the clean delivery: {clean}.\n\n"
    )
    DOCUMENT.write_text(f"{before}<!-- {mark} -->\n\n{told}{text}\n\n<!-- end of {mark} -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
