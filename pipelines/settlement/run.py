"""The settlement run: a delivery in, a warehouse and a published settlement out.

`build_warehouse` is the computation (used by the CLI, by Dagster's tests and by the rule cases); `settle` is the run
around it: checks, quarantine threshold, atomic replacement of the warehouse, publication.
"""

import contextlib
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.checks import suites as expectations
from pipelines.checks.invariants import violated
from pipelines.delivery.folder import MANIFEST, Folder, inspect_folder
from pipelines.delivery.load import load_delivery
from pipelines.engine import home as homes
from pipelines.engine import space
from pipelines.engine.models import WAY, models, run
from pipelines.engine.progress import Progress, silent
from pipelines.engine.version import program_version
from pipelines.engine.workspace import MEMORY_LIMIT, THREADS, building, connect, finish, only_row, rows
from pipelines.errors import InputRefused, NotPublished, RulesetInvalid
from pipelines.grouper import sets, units
from pipelines.publication import norwegian
from pipelines.rules import load as rulesets

DRG_SOURCES = ("main_episode", "npk")
GROUPED = "grouped:"  # before the id of the definition tables

# way(con, regrouping, progress): make every model of the way in the connection's database.
Way = Callable[[duckdb.DuckDBPyConnection, units.Regrouping | None, Progress], None]


def regrouping_of(drg_source: str, home: Path, *, group_episodes: bool = False) -> units.Regrouping | None:
    """What `grouped:ID` asks for; None for the other sources. Raises InputRefused, IsfError (no such tables)."""
    problems = []
    if drg_source.startswith(GROUPED):
        return units.Regrouping(sets.opened_set(home, drg_source.removeprefix(GROUPED)), group_episodes)
    if drg_source not in DRG_SOURCES:
        problems.append(f"'{drg_source}' is not known. Use {', '.join(DRG_SOURCES)} or {GROUPED}ID.")
    if group_episodes:
        problems.append(f"Episodes are grouped only where stays are. Use --group-episodes with {GROUPED}ID.")
    if problems:
        raise InputRefused("--drg-source", problems)
    return None


def load(
    delivery: Path,
    con: duckdb.DuckDBPyConnection,
    *,
    drg_source: str = "main_episode",
    regrouping: units.Regrouping | None = None,
    ruleset: str | None = None,
    progress: Progress = silent,
) -> None:
    """Load the delivery into schema `landing` and its year's rule set into schema `ref`.

    Raises DeliveryRefused with every problem found; `ruleset` names another rule set than the year's own.
    """
    if drg_source not in DRG_SOURCES and regrouping is None:
        raise ValueError(f"drg_source is {drg_source!r}; it must be one of {', '.join(DRG_SOURCES)}")

    found = inspect_folder(delivery)
    _load_rules(found, ruleset, con)
    load_delivery(found, con, progress=lambda step: progress(step, 1, 1))
    con.execute(
        "create or replace table ref.run_option as"
        " select cast(? as varchar) as drg_source, cast(? as varchar) as program",
        [drg_source, program_version()["source_sha256"]],
    )
    run(WAY, con, only=("over_threshold",))
    units.prepare(con, regrouping)


def _load_rules(found: Folder, ruleset: str | None, con: duckdb.DuckDBPyConnection) -> None:
    """Load the rule set `ruleset`, or that of the delivery's year, and say which period the delivery covers; what
    stands in the way is a problem of the delivery, told with the others."""
    if found.year is None or found.tertial is None:
        return
    try:
        rules = rulesets.load(ruleset or rulesets.for_year(found.year), con)
    except RulesetInvalid as invalid:
        found.problems.extend(invalid.problems)
        return
    periods = {row["tertial"]: (row["period_from"], row["period_to"]) for row in rules.tables["delivery_period"]}
    if rules.activity_year != found.year:
        found.problems.append(
            f"{MANIFEST}: year is {found.year}, but rule set {ruleset} is for {rules.activity_year};"
            " choose a rule set of the delivery's year"
        )
    elif found.tertial not in periods:
        found.problems.append(f"{MANIFEST}: tertial {found.tertial} has no period in delivery_period.csv")
    else:
        found.period = periods[found.tertial]


def regroup_before(
    model: str,
    con: duckdb.DuckDBPyConnection,
    regrouping: units.Regrouping | None,
    progress: Progress = silent,
) -> None:
    """What is grouped anew before a model of the way is made: episodes before they are judged, stays before theirs."""
    if regrouping is None:
        return
    source = only_row(con, "select current_database()")[0]
    if model == "episode" and regrouping.episodes:
        units.group_episodes(con, regrouping.definitions, source=source, progress=progress)
    if model == "stay":
        units.group_stays(con, regrouping.definitions, source=source, progress=progress)


def run_way(
    con: duckdb.DuckDBPyConnection, regrouping: units.Regrouping | None = None, progress: Progress = silent
) -> None:
    """Every model of the way in order, in the connection's database, and in between what is grouped anew."""
    if regrouping is None:
        run(WAY, con, progress=progress)
        return
    names = [model.name for model in models(WAY)]
    cuts = [0, *sorted(names.index(name) for name in ("episode", "stay")), len(names)]
    for start, end in itertools.pairwise(cuts):
        regroup_before(names[start], con, regrouping, progress)
        run(WAY, con, only=names[start:end], progress=progress)


def build_warehouse(
    delivery: Path,
    database: str | Path = ":memory:",
    *,
    drg_source: str = "main_episode",
    regrouping: units.Regrouping | None = None,
    ruleset: str | None = None,
    threads: int = THREADS,
    memory_limit: str = MEMORY_LIMIT,
    way: Way = run_way,
    progress: Progress = silent,
) -> duckdb.DuckDBPyConnection:
    """Load the delivery and its rule set and run every model; the open connection holds the tables of all steps.

    `way` runs them, by default on this machine. `progress(step, number, of)` is called before each step.
    Raises DeliveryRefused, RulesetInvalid.
    """
    con = connect(database, threads=threads, memory_limit=memory_limit)
    try:
        load(Path(delivery), con, drg_source=drg_source, regrouping=regrouping, ruleset=ruleset, progress=progress)
        # The models have total orders of their own, so DuckDB need not keep the order of rows in between.
        con.execute("set preserve_insertion_order = false")
        way(con, regrouping, progress)
    except BaseException:
        # Nothing of it is kept: writing it all to its file, as closing does, would take seconds on a busy disk.
        with contextlib.suppress(duckdb.Error):
            con.execute("pragma disable_checkpoint_on_shutdown")
        con.close()
        raise
    return con


@dataclass
class Settlement:
    """What a run gave: where it is, or why it was not published.

    `warehouse` is the one that `isf explain` reads, or, where `blocked`, the one in `<home>/unpublished/`.
    `can_accept` names the options that would publish it all the same.
    """

    delivery: str
    warehouse: Path
    published: Path | None = None
    unchanged: bool = False
    blocked: list[str] = field(default_factory=list)
    can_accept: list[str] = field(default_factory=list)
    checks: list[expectations.Result] = field(default_factory=list)


def settle(
    delivery: Path,
    home: Path,
    *,
    drg_source: str = "main_episode",
    group_episodes: bool = False,
    ruleset: str | None = None,
    without: Iterable[str] = (),
    accept_quarantine: bool = False,
    accept_empty: bool = False,
    threads: int = THREADS,
    memory_limit: str = MEMORY_LIMIT,
    way: Way = run_way,
    progress: Progress = silent,
) -> Settlement:
    """Settle a delivery and publish it; nothing half-written remains, whatever stops the run.

    `without`: changes of the rule set `ruleset` that are left out. `drg_source`: main_episode, npk or `grouped:ID` of
    definition tables of the home; `group_episodes`: with them also the episodes, before they are merged. `way`: what
    runs the models.

    Returns a Settlement; `blocked` names why it was not published (quarantine over the threshold, no episodes, failed
    checks). The warehouse replaces the last one only with a publication; one that is not published is kept aside.
    """
    delivery = Path(delivery).resolve()
    if without and not ruleset:
        raise InputRefused("--without", ["It leaves out a change of a draft rule set. Name the set with --ruleset."])
    ruleset = str(rulesets.without(ruleset, without)) if ruleset else None
    regrouping = regrouping_of(drg_source, home, group_episodes=group_episodes)
    homes.prepare(home)
    homes.complete(home)
    space.require(home, delivery)
    expectations.start_import()
    with building(homes.warehouse(home, delivery.name)) as (database, put_in_place):
        con = build_warehouse(
            delivery,
            database,
            drg_source=drg_source,
            regrouping=regrouping,
            ruleset=ruleset,
            threads=threads,
            memory_limit=memory_limit,
            way=way,
            progress=progress,
        )

        def close_and_place(waiting: Path | None = None) -> None:
            finish(con, database)
            put_in_place(*filter(None, [waiting]))

        with contextlib.closing(con):
            result = publish_built(
                con,
                home,
                accept_quarantine=accept_quarantine,
                accept_empty=accept_empty,
                progress=progress,
                finished=close_and_place,
            )
            if result.blocked:
                finish(con, database)
                put_in_place(homes.make(result.warehouse.parent) / result.warehouse.name)
    return result


def publish_built(
    con: duckdb.DuckDBPyConnection,
    home: Path,
    *,
    accept_quarantine: bool = False,
    accept_empty: bool = False,
    progress: Progress = silent,
    finished: Callable[[Path], None] = lambda waiting: None,
) -> Settlement:
    """Judge a built warehouse and publish it unless something blocks; the one way to publish.

    `finished(path)` is called when every file is written and before the publication shows: it closes the warehouse and
    puts it at `path`, from where it takes its place with the publication (`pipelines.engine.home`).
    """
    from pipelines.settlement.publish import publish

    (delivery,) = only_row(con, "select delivery from landing.delivery")
    (drg_source,) = only_row(con, "select drg_source from ref.run_option")
    checks = expectations.validate(con)
    result = Settlement(delivery, homes.warehouse(home, delivery), checks=checks)
    result.blocked = violated(con) + expectations.blocking_failures(checks) + of_another_year(con)
    acceptable = {
        "--accept-quarantine": [] if accept_quarantine else over_threshold(con),
        "--accept-empty": [] if accept_empty else empty(con),
    }
    if not result.blocked:
        result.can_accept = [option for option, reasons in acceptable.items() if reasons]
    result.blocked += [reason for reasons in acceptable.values() for reason in reasons]
    if result.blocked:
        result.warehouse = homes.unpublished(home, delivery)
        return result
    # Only where stays are grouped anew does the manifest say by what.
    regrouping = next(iter(rows(con, "select * from regrouped.option")), {})
    run = run_facts(
        con, drg_source=drg_source, accept_quarantine=accept_quarantine, accept_empty=accept_empty, **regrouping
    )
    extra_files = {"kontroller.html": expectations.page(checks, run)}
    # What is hidden depends on the revisions that are there, so one run at a time decides it and publishes.
    with homes.turn(home):
        try:
            outcome = publish(
                con,
                home,
                run=run,
                progress=progress,
                extra_files=extra_files,
                before=lambda manifest: finished(homes.ready(home, delivery, manifest)),
            )
        except NotPublished as error:
            result.blocked, result.warehouse = error.reasons, homes.unpublished(home, delivery)
            return result
        finally:
            homes.complete_in_turn(home)
    homes.remove(homes.unpublished(home, delivery))
    result.published, result.unchanged = outcome.path, outcome.unchanged
    return result


def empty(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Why a delivery without a single episode is not published unasked, in Norwegian; empty where there is one."""
    (episodes,) = only_row(con, "select count(*) from landing.episode")
    if episodes:
        return []
    return ["episode: ikke en eneste rad er lastet; et oppgjør med bare nuller ville stå som leveransens"]


def over_threshold(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Files with a larger share of quarantined rows, and columns with a larger share of values that cannot be read,
    than the rule set allows; one Norwegian sentence each."""
    over = con.execute(
        "select file, column_name, faulty, given, threshold from over_threshold order by file, column_name nulls first"
    ).fetchall()
    return [
        f"{file if column is None else f'{file}, kolonne {column}'}: {faulty} av {given} "
        f"{'rader er i karantene' if column is None else 'oppgitte verdier kan ikke leses'}, "
        f"mer enn {norwegian.number(100 * threshold, 1)} %"
        for file, column, faulty, given, threshold in over
    ]


def of_another_year(con: duckdb.DuckDBPyConnection) -> list[str]:
    """One Norwegian sentence where the stays are grouped by definition tables of another year than the delivery's."""
    found = con.execute(
        """
        select definitions, definitions_year, year from regrouped.option cross join landing.delivery
        where definitions_year <> year
        """
    ).fetchone()
    if not found:
        return []
    return [
        "oppholdene er gruppert med definisjonstabellene {} for {}, og leveransen er fra {}: resultatet er til "
        "sammenligning (§7.18)".format(*found)
    ]


def run_facts(con: duckdb.DuckDBPyConnection, **options: Any) -> dict[str, Any]:
    """What the published settlement says of its own making: inputs, rule set, program, options; no clock, no host."""
    delivery, year, produced = only_row(con, "select delivery, year, produced from landing.delivery")
    ruleset, status, sha256 = only_row(con, "select ruleset, status, sha256 from ref.ruleset")
    inputs = con.execute("select file, format, rows_in, sha256 from landing.row_account order by file").fetchall()
    return {
        "delivery": delivery,
        "year": year,
        "produced": produced.isoformat() if produced else None,
        "inputs": [
            {"file": file, "format": form, "rows": rows, "sha256": digest} for file, form, rows, digest in inputs
        ],
        "ruleset": {"id": ruleset, "status": status, "sha256": sha256},
        "program": program_version(),
        "options": options,
    }
