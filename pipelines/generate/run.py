"""The run: plan the year, make it chunk by chunk, and write the delivery's files in order."""

import datetime as dt
import itertools
import os
import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.engine import home as homes
from pipelines.engine import swap
from pipelines.engine.stop import interruptible
from pipelines.engine.workspace import MEMORY_LIMIT, THREADS, connect, literal
from pipelines.errors import InputRefused, InTheWay
from pipelines.generate import calendar, chunk, errors, npk, people, plan, refs, tables, write
from pipelines.generate.randomness import number
from pipelines.rules import load as rulesets

Progress = Callable[[str, int, int], None]
BESIDE = ("fasit", "fasit_makro", "fasit_npk", "endringer", "kostnader")  # written beside the delivery, never in it
_OLD = ".old"
_LEFT = re.compile(r"\.(?P<name>\d{4}-T\d-\d+)\.(?P<pid>\d+)(?P<kind>\.old)?")


def generate(
    out: Path,
    *,
    year: int,
    tertial: int,
    delivery: int,
    scale: float = 0.01,
    seed: int = 1,
    format: str = "parquet",
    errors: float | None = None,
    costs: bool = False,
    progress: Progress | None = None,
    threads: int = THREADS,
    memory_limit: str = MEMORY_LIMIT,
    ruleset: str | None = None,
    with_npk: bool = False,
    replace: bool = False,
) -> Path:
    """Write the delivery `out/<year>-T<tertial>-<delivery>/` by the contract; its folder.

    Deterministic for its arguments. `errors` is the share of episodes with an injected error (0.02 is usual);
    their key is `<delivery>.fasit.parquet` beside the folder, and what a second delivery changed is
    `<delivery>.endringer.parquet` there; with `costs` also what each episode costs,
    `<delivery>.kostnader.parquet` (docs/costs.md). `ruleset` is another rule set of the year than its final one.
    `with_npk` puts
    NPK's own results into the delivery, with differences whose key is `<delivery>.fasit_npk.parquet`; the delivery is
    settled for it. What has one of these names already is replaced only with `replace`, when the
    new delivery is whole. Raises InTheWay, InputRefused (the rule set is another year's), RulesetInvalid.
    """
    if format not in ("parquet", "csv"):
        raise ValueError(f"format is {format!r}; it must be parquet or csv")
    ruleset = _of_year(ruleset, year) if ruleset else rulesets.for_year(year)
    name = f"{year}-T{tertial}-{delivery}"
    folder, workshop = out / name, homes.workshop(out / f".{name}.{os.getpid()}")
    _remove_stale(out)
    if not replace:
        _refuse_to_overwrite(folder)
    unfinished = workshop / name
    unfinished.mkdir(parents=True)
    try:
        with connect(threads=threads, memory_limit=memory_limit) as con:
            con.execute(f"set temp_directory = {literal(workshop / 'spill')}")
            numbers = {
                "year": year,
                "tertial": tertial,
                "delivery": delivery,
                "scale": scale,
                "errors": errors or 0,
                "costs": costs,
            }
            numbers = prepare(con, ruleset, numbers, seed)
            files = _write_all(con, unfinished, format, numbers, threads, progress)
        beside = {key: files.pop(key) for key in BESIDE if key in files}
        write.write_header(unfinished, numbers, files)
        if with_npk:
            made = npk.add(
                unfinished, workshop / "npk.duckdb", ruleset, numbers, threads=threads, memory_limit=memory_limit
            )
            beside[npk.KEY] = made.pop(npk.KEY)
            write.write_header(unfinished, numbers, {**files, **made})
        _put_in_place(unfinished, folder, beside, workshop.with_name(workshop.name + _OLD))
    finally:
        homes.remove(workshop)
    return folder


def _of_year(ruleset: str, year: int) -> str:
    """The rule set, which must be of the year. Raises InputRefused, RulesetInvalid."""
    of = rulesets.read(ruleset).activity_year
    if of != year:
        problem = f"Rule set {ruleset} is for {of}, and the delivery for {year}. Say --year {of}."
        raise InputRefused("--ruleset", [problem])
    return ruleset


def prepare(
    con: duckdb.DuckDBPyConnection,
    ruleset: str,
    numbers: dict[str, Any],
    seed: int,
    targets: dict | None = None,
) -> dict[str, Any]:
    """Load what the generator draws on and make the year's plan; the numbers that the SQL needs."""
    con.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")  # joins look up in small tables
    con.execute("set preserve_insertion_order = true")
    refs.load(con, ruleset)
    tables.functions(con)
    year = numbers["year"]
    numbers = {**numbers, **calendar.create_calendar(con, year), **refs.rates(con), **_period(con, numbers)}
    numbers |= {
        "seed": number(seed, year),
        "seed_of_people": number(seed, "people"),
        "seed_of_names": number(seed, "names"),
        "pairs": refs.asterisk_pairs(con),
    }
    for name in ("item", "item_codes", "item_personnel", "companion", "exclusion_slot", "light", "medicine"):
        tables.create(con, name, numbers)
    people.create_people(con, numbers)
    people.create_places(con)
    tables.create(con, "unit_choice")
    numbers |= plan.create_plan(con, numbers["scale"], seed)
    tables.create(con, "feature_item")
    if numbers["errors"]:
        tables.create(con, "error_rate", numbers)
    return numbers


def _period(con: duckdb.DuckDBPyConnection, numbers: dict[str, Any]) -> dict[str, Any]:
    """The period of the delivery, and when it was due."""
    found = refs.rows(
        con,
        """
        select period_to + 1 as until, if(? = 1, first_delivery_due, final_delivery_due) as due,
            (
                select coalesce(max(b.period_to) + 1, a.period_from)
                from ref.delivery_period as b where b.tertial < a.tertial
            ) as tertial_start
        from ref.delivery_period as a where tertial = ?""",
        [numbers["delivery"], numbers["tertial"]],
    )
    if not found:
        raise ValueError(f"tertial is {numbers['tertial']}; the rule set has no period for it")
    year = numbers["year"]
    return {
        "until": found[0]["until"],
        "tertial_start": found[0]["tertial_start"],
        "produced": found[0]["due"],
        "year_start": dt.date(year, 1, 1),
        "year_end": dt.date(year, 12, 31),
    }


def _write_all(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    format: str,
    numbers: dict,
    threads: int,
    progress: Progress | None,
) -> dict[str, dict]:
    """Make the chunks, as many at once as there are threads, write them in order; rows and hash per file."""
    files: dict[str, write.TableFile] = {}

    def put(made: dict[str, pa.Table]) -> None:
        for name, table in made.items():
            if name not in files:
                files[name] = write.TableFile(folder / f"{name}.{'parquet' if name in BESIDE else format}")
            files[name].append(table)

    chunks = numbers["chunks"]
    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        tell = _steps(progress, chunks)

        def submit(c: int) -> Future:
            return pool.submit(chunk.make, interruptible(con.cursor()), c, numbers, tell)

        waiting = [submit(c) for c in range(1, min(threads, chunks) + 1)]
        for c in range(1, chunks + 1):
            made = waiting.pop(0).result()
            if c + threads <= chunks:
                waiting.append(submit(c + threads))
            put(made)
            del made
    if numbers["errors"]:
        put(errors.units(con, numbers))
    else:
        put({"enhet": con.execute('select * from enhet order by "enhetID"').to_arrow_table()})
    put({"akonto": tables.query(con, "akonto", numbers).to_arrow_table()})
    return {name: file.close() for name, file in sorted(files.items())}


def _put_in_place(unfinished: Path, folder: Path, beside: dict[str, dict], old: Path) -> None:
    """The finished delivery takes its name, with the answer key and the changes beside it."""
    for key in BESIDE:
        target = _beside(folder, key)
        if key in beside:
            (unfinished / f"{key}.parquet").replace(target)
        else:
            target.unlink(missing_ok=True)
    swap.swap(unfinished, folder, old)


def _beside(folder: Path, key: str) -> Path:
    return folder.with_name(f"{folder.name}.{key}.parquet")


def _refuse_to_overwrite(folder: Path) -> None:
    there = [path for path in (folder, *(_beside(folder, key) for key in BESIDE)) if os.path.lexists(path)]
    if there:
        raise InTheWay(
            f"{', '.join(map(str, there))}: there already, and left as it is. Remedy: choose another --out, or let the"
            " new delivery take its place with --replace."
        )


def _remove_stale(out: Path) -> None:
    """What runs that were killed left in the folder; a delivery that one of them had put aside is put back."""
    for path in sorted(out.glob(".*")):
        match = _LEFT.fullmatch(path.name)
        if not match or (int(match["pid"]) != os.getpid() and homes.alive(int(match["pid"]))):
            continue
        if match["kind"] == _OLD:
            swap.restore(path, out / match["name"])
        else:
            swap.remove(path)


def _steps(progress: Progress | None, chunks: int) -> Callable[[str], None]:
    """What the chunks tell: the table that is being made, and how far the whole has come."""
    done = itertools.count(1)

    def tell(step: str) -> None:
        if progress:
            progress(f"generating {step}", next(done), chunks * len(chunk.STEPS))

    return tell
