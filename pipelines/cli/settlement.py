"""A delivery is settled, looked at beforehand, explained and verified."""

import contextlib
import json
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.base import (
    DEFAULT_HOME,
    NOT_PUBLISHED,
    DeliveryFolder,
    Home,
    MemoryLimit,
    RulesetName,
    Threads,
    Without,
    app,
    say,
    tell,
    warn_of_readers,
)
from pipelines.cli.cluster import Engine, Exchange, ExchangeUrl, Master, on_engine
from pipelines.cli.front import leaves_front_pages
from pipelines.engine.progress import progress_line
from pipelines.errors import IdUnknown, IdUnreadable, IsfError


@app.command()
@leaves_front_pages
def settle(
    delivery: DeliveryFolder,
    home: Home = DEFAULT_HOME,
    drg_source: Annotated[
        str,
        typer.Option(
            help="DRG of a stay: main_episode, npk (NPK's own grouping where delivered), or grouped:ID (grouped anew "
            "by definition tables, see `isf grouper list`)."
        ),
    ] = "main_episode",
    group_episodes: Annotated[
        bool, typer.Option("--group-episodes", help="With grouped:ID also the episodes, before they are merged.")
    ] = False,
    accept_quarantine: Annotated[
        bool,
        typer.Option(
            "--accept-quarantine", help="Publish although too many rows are quarantined or values cannot be read."
        ),
    ] = False,
    accept_empty: Annotated[
        bool, typer.Option("--accept-empty", help="Publish although the delivery has no episodes.")
    ] = False,
    ruleset: RulesetName = None,
    without: Without = None,
    engine: Engine = None,
    master: Master = None,
    buckets: Annotated[
        int | None,
        typer.Option(help="Buckets of patients on the cluster; by default one per 200 000 episodes.", min=1),
    ] = None,
    exchange: Exchange = None,
    exchange_url: ExchangeUrl = None,
    tables: Annotated[
        str | None,
        typer.Option(
            help="Write the published tables and the ledger also as tables: a schema of the catalog, or"
            " parquet:ADDRESS."
        ),
    ] = None,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Settle a delivery and publish the result."""
    from pipelines.checks.suites import warnings
    from pipelines.engine import home as homes
    from pipelines.engine.workspace import connect
    from pipelines.settlement import run as runs
    from pipelines.settlement.text import settlement_text

    warn_of_readers(home)
    delivery = homes.delivery_folder(home, delivery)
    settle_it = runs.settle
    on_cluster = {"--master": master, "--buckets": buckets, "--exchange": exchange, "--tables": tables}
    if on_engine(engine, {**on_cluster, "--exchange-url": exchange_url}):
        from pipelines.cluster.run import settler
        from pipelines.cluster.settings import Cluster

        settle_it = settler(Cluster(master, buckets, exchange, exchange_url, tables), tell)
    with progress_line() as progress:
        result = settle_it(
            delivery,
            home,
            drg_source=drg_source,
            group_episodes=group_episodes,
            ruleset=ruleset,
            without=without or (),
            accept_quarantine=accept_quarantine,
            accept_empty=accept_empty,
            threads=threads,
            memory_limit=memory_limit,
            progress=progress,
        )
    with contextlib.closing(connect(result.warehouse, read_only=True)) as con:
        say(settlement_text(con))
    if drg_source.startswith(runs.GROUPED):
        from pipelines.regroup.run import regroup

        made = regroup(
            home,
            result.delivery,
            drg_source.removeprefix(runs.GROUPED),
            warehouse=result.warehouse,
            threads=threads,
            memory_limit=memory_limit,
        )
        say(f"\n{made.text}\nRapport: {made.path}")
    if result.published is None:
        say("Ikke publisert:")
        for reason in result.blocked:
            say(f"  - {reason}")
        if result.can_accept:
            say(f"Rett leveransen, eller publiser likevel med {' '.join(result.can_accept)}.")
        say("Det som var publisert, står. Det som nå er beregnet, kan ses med:")
        say(f"  isf explain ID --home {home} --delivery {result.delivery} --unpublished")
        raise typer.Exit(NOT_PUBLISHED)
    if unusual := warnings(result.checks):
        say("\nVarsler, som ikke stopper noe, men bør ses på (kontroller.html):")
        for sentence in unusual:
            say(f"  - {sentence}")
        say()
    say(f"{'Uendret, alt publisert' if result.unchanged else 'Publisert'}: {result.published}")
    say(f"Side: {result.published / 'oppgjor.html'}")


@app.command()
def check(delivery: DeliveryFolder, ruleset: RulesetName = None, home: Home = DEFAULT_HOME) -> None:
    """Read a delivery and say what would be refused or quarantined; writes nothing."""
    from pipelines.engine import home as homes
    from pipelines.engine.workspace import connect
    from pipelines.settlement import run as runs
    from pipelines.settlement.text import account_text

    with progress_line() as progress, contextlib.closing(connect()) as con:
        runs.load(homes.delivery_folder(home, delivery).resolve(), con, ruleset=ruleset, progress=progress)
        say(account_text(con))
        over = runs.over_threshold(con) + runs.empty(con)
    for reason in over:
        say(f"  - {reason}")
    if over:
        raise typer.Exit(NOT_PUBLISHED)


@app.command()
def explain(
    identifier: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="Stay, episode, service, pathway, patient, region with a deduction, or row in quarantine.",
        ),
    ],
    home: Home = DEFAULT_HOME,
    delivery: Annotated[
        str | None, typer.Option(help="Delivery, e.g. 2025-T1-2; default the one settled last.")
    ] = None,
    not_published: Annotated[
        bool, typer.Option("--unpublished", help="Read what was computed last and not published.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """Say what an id earned, rule by rule, from which rows, or why it did not count."""
    from pipelines.engine import home as homes
    from pipelines.engine.workspace import connect
    from pipelines.explain.patient import explained
    from pipelines.explain.text import render

    # Bytes of the terminal that are no text come as halves of characters.
    if any("\ud800" <= letter <= "\udfff" for letter in identifier):
        raise IdUnreadable
    path = homes.find_warehouse(home, delivery, unpublished=not_published)
    with contextlib.closing(connect(path, read_only=True)) as con:
        identifier = identifier.strip()  # as the delivery's ids were
        found, near = explained(con, identifier)
    if not found:
        raise IdUnknown(identifier, path.stem, near)
    say(json.dumps(found, ensure_ascii=False, indent=2, default=str) if as_json else render(found))


@app.command()
def rules(
    paragraph: Annotated[
        str | None, typer.Argument(help="One paragraph, e.g. 7.14: parameters, SQL files, cases, checks.")
    ] = None,
    year: Annotated[str | None, typer.Option("--year", "--ruleset", help="Rule set: a year or an id.")] = None,
    assumptions: Annotated[bool, typer.Option("--assumptions", help="Only the assumptions.")] = False,
    without: Without = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """Print the register of rules: every paragraph with status, parameters and source."""
    from pipelines.rules import load as ruleset
    from pipelines.rules import report as rules_report

    chosen = ruleset.without(year or ruleset.newest_final(), without or ())
    if paragraph is not None:
        from pipelines.explain import paragraph_text
        from pipelines.explain.paragraph import find as find_paragraph

        say(paragraph_text.text(find_paragraph(paragraph, ruleset.read(chosen))))
    elif as_json:
        say(rules_report.as_json(chosen))
    else:
        say(rules_report.assumptions(chosen) if assumptions else rules_report.register(chosen))


@app.command()
def verify(
    published: Annotated[Path, typer.Argument(metavar="PUBLISHED_DIR", help="A published folder.")],
) -> None:
    """Check a published folder against its manifest and its own sums."""
    from pipelines.settlement.verify import all_well
    from pipelines.settlement.verify import verify as verify_folder

    problems = verify_folder(published)
    for problem in problems:
        say(f"  - {problem}")
    if problems:
        raise IsfError(f"{published}: {len(problems)} problem(s). The folder is not what was published.")
    say(all_well(published))
