"""The command `isf`. Heavy libraries are imported inside the commands, so `isf --help` answers at once."""

import contextlib
import functools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.engine import screen, stop
from pipelines.engine.faults import sentence
from pipelines.engine.progress import progress_line
from pipelines.errors import IsfError

if TYPE_CHECKING:
    import duckdb

app = typer.Typer(
    name="isf",
    help="Settlement of activity-based hospital financing (ISF) in Norway: exact, explained, reproducible.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

NOT_PUBLISHED = 3

Home = Annotated[
    Path, typer.Option("--home", envvar="ISF_HOME", help="Folder with warehouse/ and published/.", show_default=True)
]
DeliveryFolder = Annotated[
    Path, typer.Argument(help="Folder of the delivery, named as it: 2025-T1-2; or its id in HOME/deliveries.")
]
RulesetName = Annotated[
    str | None, typer.Option("--ruleset", help="Another rule set than the year's own: an id or a folder.")
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without", metavar="CHANGE", help="Leave out a change of a draft rule set; may be given several times."
    ),
]
Threads = Annotated[int, typer.Option(envvar="ISF_THREADS", help="Threads of the computation.", min=1)]
MemoryLimit = Annotated[str, typer.Option(help="Memory limit of the computation.")]
Engine = Annotated[
    str | None, typer.Option(help="spark: on a cluster (docs/cluster.md); by default on this machine.", metavar="spark")
]
Master = Annotated[
    str | None,
    typer.Option(
        help="Address of the cluster, e.g. spark://host:7077; by default what spark-submit or the platform says."
    ),
]
Exchange = Annotated[
    Path | None, typer.Option(help="Folder that the cluster's machines see too; by default in the home.")
]
ExchangeUrl = Annotated[
    str | None, typer.Option(help="The same folder as Spark names it, where that is not file:FOLDER.")
]
DEFAULT_HOME = Path("isf-data")


def say(text: str = "") -> None:
    print(screen.plain(text))


def say_result(text: str, folder: Path, unchanged: bool, page: str) -> None:
    """The result of a command on settled deliveries, and where its folder and its page lie."""
    say(text)
    say(f"\n{'Uendret' if unchanged else 'Lagret'}: {folder}")
    say(f"Side: {folder / page}")


def tell(text: str) -> None:
    """A sentence on standard error."""
    print(screen.plain(text), file=sys.stderr)


def warn_of_readers(home: Path) -> None:
    """A warning where others can look into a home that was there before."""
    from pipelines.engine.home import readable_by_others

    if warning := readable_by_others(home):
        tell(warning)


def write_front_pages(home: Path) -> None:
    """The front pages of a home as it is now, after a command that has put something in place there."""
    from pipelines.serve.index import refresh

    refresh(home)


def leaves_front_pages(command: Callable[..., None]) -> Callable[..., None]:
    """A command after which the front pages of its home are written anew; also where a settlement was computed and not
    published, or it failed when a result was in place or gone, but not where it was refused."""

    @functools.wraps(command)
    def done(*args: Any, home: Path, **options: Any) -> None:
        before = results_in(home)
        try:
            command(*args, home=home, **options)
        except typer.Exit:
            write_front_pages(home)
            raise
        except Exception:
            if results_in(home) != before:
                write_front_pages(home)
            raise
        write_front_pages(home)

    return done


def results_in(home: Path) -> set[Path]:
    """The folders of results that a home has."""
    return set(home.glob("*/[!.]*/"))


def on_engine(engine: str | None, needing: dict[str, object]) -> bool:
    """Whether a cluster is asked for. Raises InputRefused for an unknown engine, and options that need one."""
    from pipelines.errors import InputRefused

    problems = [] if engine in (None, "spark") else [f"'{engine}' is not known. Use spark, or leave it out."]
    if engine is None:
        problems += [f"{name} is about a cluster. Add --engine spark." for name, value in needing.items() if value]
    if problems:
        raise InputRefused("--engine", problems)
    return engine is not None


def show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"isf-oppgjor {version('isf-oppgjor')}")
        raise typer.Exit()


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Settlement of activity-based hospital financing (ISF) in Norway: exact, explained, reproducible."""


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
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Stay, episode, service, pathway or patient.")],
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
    from pipelines.explain.find import find_near
    from pipelines.explain.text import render

    path = homes.find_warehouse(home, delivery, unpublished=not_published)
    with contextlib.closing(connect(path, read_only=True)) as con:
        found, near = find_near(con, identifier)
    if not found:
        like = f" Most like it: {', '.join(near)}." if near else ""
        raise IsfError(
            f"Nothing has the id {identifier} in {path.stem}.{like}"
            " Services are STG|patient|period, pathways TFG|patient|period or TFG|patient|stay."
        )
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
    from pipelines.settlement.verify import ledger_of
    from pipelines.settlement.verify import verify as verify_folder

    problems = verify_folder(published)
    for problem in problems:
        say(f"  - {problem}")
    if problems:
        raise IsfError(f"{published}: {len(problems)} problem(s). The folder is not what was published.")
    say(f"{published}: complete and unchanged, and its sums agree.")
    if ledger_of(published) is None:
        say("The ledger is not here, so its sums are not checked.")


@app.command()
def generate(
    out: Annotated[Path, typer.Option(help="Folder in which the delivery's folder is made.")],
    year: Annotated[int, typer.Option(help="Activity year.")],
    tertial: Annotated[int, typer.Option(min=1, max=3)] = 3,
    delivery: Annotated[int, typer.Option(min=1, max=2, help="1 = first, 2 = final.")] = 2,
    scale: Annotated[float, typer.Option(help="1 = a national year.", min=0.0001)] = 0.01,
    seed: Annotated[int, typer.Option(help="Same seed, same delivery.")] = 1,
    file_format: Annotated[str, typer.Option("--format", help="parquet or csv.")] = "parquet",
    errors: Annotated[float | None, typer.Option(help="Rate of injected errors; writes an answer key beside.")] = None,
    ruleset: RulesetName = None,
    npk: Annotated[
        bool,
        typer.Option("--npk", help="Also NPK's own results, with known differences and a key beside; settles for it."),
    ] = False,
    costs: Annotated[bool, typer.Option("--costs", help="Also believable costs per episode, beside.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of a delivery that has the name already.")
    ] = False,
) -> None:
    """Make a synthetic delivery, by the contract, of a believable Norway."""
    from pipelines.generate import generate as make

    if file_format not in ("parquet", "csv"):
        raise typer.BadParameter("must be parquet or csv", param_hint="--format")
    with progress_line() as progress:
        folder = make(
            out,
            year=year,
            tertial=tertial,
            delivery=delivery,
            scale=scale,
            seed=seed,
            format=file_format,
            errors=errors,
            ruleset=ruleset,
            with_npk=npk,
            costs=costs,
            replace=replace,
            progress=progress,
        )
    say(f"Delivery: {folder}")


@app.command()
def simulate(
    activity: Annotated[
        list[str] | None,
        typer.Option(help="Settled delivery in the home, e.g. 2025-T3-2; several with --engine spark."),
    ] = None,
    baseline: Annotated[str | None, typer.Option(help="Rule set to compare with; default the delivery's own.")] = None,
    alternative: Annotated[
        list[str] | None, typer.Option(help="Rule set, an id or a folder; may be given several times.")
    ] = None,
    without: Without = None,
    calibrate: Annotated[str, typer.Option(help="Keep the points of: total, sector or none.")] = "sector",
    only: Annotated[str | None, typer.Option(help="weights: change nothing but weights.")] = None,
    each_change: Annotated[
        bool, typer.Option("--each-change", help="Also what each change of the alternative does alone.")
    ] = False,
    price: Annotated[
        list[str] | None, typer.Option(help="SECTOR=KRONER: unit price of the alternative, for the kroner statement.")
    ] = None,
    growth: Annotated[
        list[str] | None,
        typer.Option(help="SECTOR:GROUP=PER CENT: growth of activity, the group a DRG, STG, TFG, 'HDG 5' or *."),
    ] = None,
    neutral: Annotated[
        list[str] | None,
        typer.Option(help="SECTOR:GROUP: the base points of the DRG, STG or TFG at which the change costs nothing."),
    ] = None,
    crosswalk: Annotated[
        Path | None, typer.Option(help="CSV with episodeID;drg: other DRGs of the episodes in the alternative.")
    ] = None,
    alternative_grouping: Annotated[
        str | None,
        typer.Option(help="Id of imported definition tables: the alternative's stays are grouped anew by them."),
    ] = None,
    bootstrap: Annotated[int, typer.Option(help="Resamples for intervals: 0 = none, else 40 or more.", min=0)] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the resampling.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder for the scenario; default HOME/simulations.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the saved scenarios.")] = False,
    home: Home = DEFAULT_HOME,
    engine: Engine = None,
    master: Master = None,
    exchange: Exchange = None,
    exchange_url: ExchangeUrl = None,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Show what other weights or rules would do to regions and trusts, on the same activity."""
    from pipelines.simulate import command

    if listing:
        say(command.listed(home))
        return
    several = len(activity or ()) > 1
    on_cluster = {"--master": master, "--exchange": exchange, "--exchange-url": exchange_url}
    if on_engine(engine, {**on_cluster, "several --activity": several}):
        from pipelines.cluster import scenarios
        from pipelines.cluster.settings import Cluster

        cluster = Cluster(master, exchange=exchange, exchange_url=exchange_url)
        run = functools.partial(
            scenarios.simulate, home, activity or (), baseline, alternative or (), cluster, tell=tell
        )
    else:
        run = functools.partial(command.simulate, home, activity[0] if activity else None, baseline, alternative or [])
    with progress_line() as progress:
        text = run(
            without=without or (),
            calibrate=calibrate,
            only=only,
            each_change=each_change,
            prices=price or (),
            growth=growth or (),
            neutral=neutral or (),
            crosswalk=crosswalk,
            alternative_grouping=alternative_grouping,
            bootstrap=bootstrap,
            seed=seed,
            out=out,
            threads=threads,
            memory_limit=memory_limit,
            progress=progress,
        )
    say(text)
    write_front_pages(home)


@app.command()
@leaves_front_pages
def quality(
    delivery: Annotated[str, typer.Argument(help="Id of a settled delivery, or a delivery's folder.")],
    answers: Annotated[
        Path | None,
        typer.Option(help="A hospital's CSV or workbook with its answers, taken before the reports are made."),
    ] = None,
    not_published: Annotated[
        bool, typer.Option("--unpublished", help="Of what was computed last and not published.")
    ] = False,
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Check the data of a delivery and make the report of each hospital and of the country."""
    from pipelines.quality import command

    warn_of_readers(home)
    with progress_line() as progress:
        text = command.run_quality(
            delivery,
            home,
            answers,
            progress,
            unpublished=not_published,
            threads=threads,
            memory_limit=memory_limit,
        )
    say(text)


@app.command("register")
def take_register(
    kind: Annotated[str, typer.Argument(help="icd10, procedure (NCMP, NCSP and NCRP) or atc.")],
    file: Annotated[Path, typer.Argument(help="CSV with a column `code`, or one code per line.")],
    home: Home = DEFAULT_HOME,
) -> None:
    """Take a code register, for the quality checks that ask whether a code exists."""
    from pipelines.quality import registers

    count = registers.take(file, home, kind)
    say(f"Taken: {count} codes of {registers.REGISTERS[kind]}. The next `isf quality` uses them.")


@app.command()
@leaves_front_pages
def compare(
    earlier: Annotated[str, typer.Argument(metavar="A", help="A settled delivery, e.g. 2025-T1-1.")],
    later: Annotated[str, typer.Argument(metavar="B", help="A later one of the same year, e.g. 2025-T1-2.")],
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Say what changed between two settled deliveries, and why: every change of points under one cause."""
    from pipelines.compare.run import compare as run

    with progress_line() as progress:
        outcome = run(home, earlier, later, threads=threads, memory_limit=memory_limit, progress=progress, tell=tell)
    say_result(outcome.text, outcome.path, outcome.unchanged, "sammenligning.html")


@app.command()
@leaves_front_pages
def reconcile(
    delivery: Annotated[str, typer.Argument(help="A settled delivery that carries NPK's own results.")],
    tables: Annotated[
        str | None,
        typer.Option(help="Id of definition tables by which `isf group --delivery` grouped its stays: explains DRGs."),
    ] = None,
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Set our stays and points beside NPK's, every difference with one reason."""
    from pipelines.reconcile.run import reconcile as run

    with progress_line() as progress:
        outcome = run(home, delivery, definitions=tables, threads=threads, memory_limit=memory_limit, progress=progress)
    say_result(outcome.text, outcome.path, outcome.unchanged, "avstemming.html")


@app.command()
@leaves_front_pages
def prognosis(
    delivery: Annotated[str, typer.Argument(help="A settled delivery, e.g. 2025-T1-2.")],
    budget: Annotated[Path | None, typer.Option(help="CSV rhf_orgnr;sektor;poeng: the points of the budget.")] = None,
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Say what the year will be from the months delivered, with an interval, and against the budget."""
    from pipelines.prognosis.run import prognosis as run

    with progress_line() as progress:
        outcome = run(home, delivery, budget=budget, threads=threads, memory_limit=memory_limit, progress=progress)
    say_result(outcome.text, outcome.path, outcome.unchanged, "prognose.html")


@app.command()
@leaves_front_pages
def export(
    delivery: Annotated[str, typer.Argument(help="A settled delivery, e.g. 2025-T1-2.")],
    to: Annotated[str, typer.Option(help="parquet (Power BI, Qlik, R, SAS) or stata.")] = "parquet",
    home: Home = DEFAULT_HOME,
) -> None:
    """Write the published tables as a star with names, for other tools; small numbers stay hidden."""
    from pipelines.export.run import export as run

    outcome = run(home, delivery, to)
    for name, rows in outcome.rows.items():
        say(f"{name:<24}{rows:>10}")
    say(f"\n{'Uendret' if outcome.unchanged else 'Lagret'}: {outcome.path}")


@app.command()
@leaves_front_pages
def avregning(
    year: Annotated[int, typer.Argument(help="Activity year; its T3 final delivery must be settled.")],
    decisions: Annotated[Path, typer.Option(help="avregning.toml: unit prices and corrections that are decided.")],
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Close the year: decided prices, corrections, advances and balance per RHF, with a letter to each."""
    from pipelines.avregning.run import avregning as run

    with progress_line() as progress:
        outcome = run(home, year, decisions, threads=threads, memory_limit=memory_limit, progress=progress, tell=tell)
    say_result(outcome.text, outcome.path, outcome.unchanged, "avregning.html")


@app.command()
@leaves_front_pages
def rbf(
    deliveries: Annotated[
        list[str], typer.Argument(metavar="ID...", help="A settled delivery; or two, the preliminary and the final.")
    ],
    nki: Annotated[Path, typer.Option(help="CSV rhf_orgnr;teller;nevner: discharge summaries sent within a day.")],
    year: Annotated[int | None, typer.Option(help="Year of the scheme; default the year after the activity.")] = None,
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Allocate result-based financing (RBF) to the regions by the indicators of a settled delivery."""
    from pipelines.rbf.run import allocate

    with progress_line() as progress:
        outcome = allocate(
            home, deliveries, nki, year=year, threads=threads, memory_limit=memory_limit, progress=progress
        )
    say_result(outcome.text, outcome.path, outcome.unchanged, "rbf.html")


weights = typer.Typer(help="Weight sets.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(weights, name="weights")


@weights.callback()
def _weights() -> None:
    """Weight sets: base points computed from cost weights and an activity's volumes."""


@weights.command("build")
def weights_build(
    activity: Annotated[str, typer.Option(help="Settled delivery in the home that gives the volumes.")],
    out: Annotated[Path, typer.Option(help="Folder for the new rule set.")],
    ruleset_name: Annotated[str, typer.Option("--ruleset", help="Rule set to start from.")],
    cost_weights: Annotated[
        Path | None, typer.Option(help="CSV with sector, drg, cost_weight; default those of the rule set.")
    ] = None,
    total: Annotated[
        list[str] | None, typer.Option(help="SECTOR=POINTS to calibrate to; may be given per sector.")
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(help="Build only DRGs of these methods or classes, e.g. short_stay,family:F41; keep the others."),
    ] = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Compute base points from cost weights: day-surgery families, the 980 series, the PHV/TSB classes."""
    from pipelines.simulate import command

    unequal = [entry for entry in total or [] if "=" not in entry]
    if unequal:
        raise typer.BadParameter(f"{unequal[0]} is not SECTOR=POINTS", param_hint="--total")
    say(
        command.build_weights(
            home,
            ruleset_name,
            out,
            activity=activity,
            cost_weights=cost_weights,
            totals=dict(entry.split("=", 1) for entry in total or []) or None,
            only=only.split(",") if only else None,
        )
    )


@weights.command("from-costs")
def weights_from_costs(
    activity: Annotated[str, typer.Option(help="Settled delivery in the home whose episodes the costs are of.")],
    costs: Annotated[Path, typer.Option(help="CSV or Parquet with costs per episode (docs/costs.md).")],
    out: Annotated[Path, typer.Option(help="Folder for the new rule set.")],
    ruleset_name: Annotated[
        str | None, typer.Option("--ruleset", help="Rule set to start from; default the delivery's own.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Folder for the report; default OUT-rapport.")] = None,
    bootstrap: Annotated[
        int, typer.Option(help="Resamples for intervals of the weights: 0 = none, else 40 or more.", min=0)
    ] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the resampling.")] = 1,
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Make weights of all groups from what patients cost: trim points, means, small groups, calibration, report."""
    from pipelines.simulate import command

    with progress_line() as progress:
        text = command.weights_from_costs(
            home,
            out,
            activity=activity,
            costs=costs,
            ruleset=ruleset_name,
            report=report,
            bootstrap=bootstrap,
            seed=seed,
            threads=threads,
            memory_limit=memory_limit,
            progress=progress,
        )
    say(text)


grouper = typer.Typer(help="Definition tables of the DRG grouper.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(grouper, name="grouper")


@grouper.command("import")
def grouper_import(
    source: Annotated[
        Path, typer.Argument(metavar="FILE", help="The published ZIP or JSON, or a folder with a CSV per table.")
    ],
    year: Annotated[int, typer.Option(help="The activity year that the tables are for.")],
    set_id: Annotated[str | None, typer.Option("--id", help="Id of the set; default the year.")] = None,
    home: Home = DEFAULT_HOME,
) -> None:
    """Read, check and store a set of definition tables."""
    from pipelines.grouper import sets
    from pipelines.grouper.text import set_text

    found, was_there = sets.import_set(source, home, year=year, id=set_id)
    say(set_text(found))
    say(f"{'Uendret, importert fra før' if was_there else 'Importert'}: {found.path}")


@grouper.command("list")
def grouper_list(home: Home = DEFAULT_HOME) -> None:
    """List the sets of definition tables of a home."""
    from pipelines.grouper import sets
    from pipelines.grouper.text import sets_text

    say(sets_text(sets.imported(home)))


@app.command()
def group(
    tables: Annotated[str, typer.Option(help="Id of the definition tables, see `isf grouper list`.")],
    cases: Annotated[
        Path | None,
        typer.Argument(
            metavar="[CASES]",
            help="CSV: id;string, or id;sex;age_days;discharge;duration;diagnoses;procedures.",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="CSV to write: id;drg;ord;rtc;mdc;hdg.")] = None,
    string: Annotated[str | None, typer.Option(help="One case as a DRG string of 165 fields.")] = None,
    main: Annotated[str | None, typer.Option(help="One case: main diagnosis, a pair as E103+H360.")] = None,
    secondary: Annotated[list[str] | None, typer.Option(help="Secondary diagnosis; may be repeated.")] = None,
    procedure: Annotated[list[str] | None, typer.Option(help="Procedure code; may be repeated.")] = None,
    sex: Annotated[str, typer.Option(help="1 man, 2 woman; empty = not known.")] = "",
    age_days: Annotated[str, typer.Option(help="Age in whole days at the start.")] = "",
    discharge: Annotated[str, typer.Option(help="E dead, R to another hospital, H otherwise.")] = "H",
    duration: Annotated[str, typer.Option(help="0 = outpatient contact, otherwise nights + 1.")] = "0",
    delivery: Annotated[
        str | None, typer.Option(help="Id of a settled delivery: group its stays and report what moves.")
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Also why: features, criteria, nearest earlier rules.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    home: Home = DEFAULT_HOME,
    threads: Threads = 2,
    memory_limit: MemoryLimit = "8GB",
) -> None:
    """Group cases by a set of definition tables: a file, or one case with its reasons."""
    from pipelines.grouper import cases as given
    from pipelines.grouper import run as grouping
    from pipelines.grouper import text

    of_words = main is not None or bool(secondary or procedure)
    if (cases is not None) + (string is not None) + (delivery is not None) + of_words != 1:
        raise typer.BadParameter(
            "give a file of cases, or one case with --string, or with --main and its like, or a --delivery"
        )
    if delivery is not None:
        from pipelines.regroup.run import regroup

        with progress_line() as progress:
            made = regroup(home, delivery, tables, threads=threads, memory_limit=memory_limit, progress=progress)
        say(made.text)
        say(f"{'Uendret, skrevet fra før' if made.unchanged else 'Skrevet'}: {made.path}")
        write_front_pages(home)
        return
    if cases is not None:
        fill: Callable[[duckdb.DuckDBPyConnection], object] = functools.partial(given.fill_file, cases)
    elif string is not None:
        fill = functools.partial(given.fill_string, string)
    else:
        one = grouping.single(
            sex=sex,
            age_days=age_days,
            discharge=discharge,
            duration=duration,
            main=main or "",
            secondary=secondary or [],
            procedures=procedure or [],
        )
        fill = functools.partial(given.fill_one, one)
    with (
        progress_line(quiet=cases is None) as progress,
        grouping.grouped(home, tables, fill, threads=threads, memory_limit=memory_limit, progress=progress) as found,
    ):
        if out:
            found.write_csv(out)
            say(text.summary_text(found.cases, found.findings))
            say(f"Skrevet: {out}")
            return
        explain_it = why or cases is None
        results = found.explained() if explain_it else found.results()
        if as_json:
            about = {"id": found.definitions.id, "year": found.definitions.year, "sha256": found.definitions.sha256}
            say(json.dumps({"tables": about, "cases": results}, ensure_ascii=False, indent=2))
        elif explain_it:
            say("\n\n".join(text.explanation(one, found.definitions) for one in results))
        else:
            say(text.results_text(results))
            say(text.summary_text(found.cases, found.findings))


@app.command("list")
def list_deliveries(home: Home = DEFAULT_HOME) -> None:
    """List the deliveries of a home: state, dates of the data, revisions, size."""
    from pipelines.settlement.inventory import listed

    say(listed(home))


@app.command()
@leaves_front_pages
def remove(
    delivery: Annotated[str, typer.Argument(metavar="ID", help="Delivery, e.g. 2025-T1-2.")],
    home: Home = DEFAULT_HOME,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete all that a home holds of a delivery: databases, publications, and results made from it."""
    from pipelines.settlement import inventory

    found = inventory.require(home, delivery)
    for path in found:
        say(f"  {path}")
    if not yes:
        typer.confirm(f"Delete these {len(found)} for good?", abort=True)
    removed = inventory.remove(home, delivery)
    say(f"Deleted {len(removed)} of {delivery}. Answers of hospitals in quality/answers.duckdb are kept.")


@app.command()
def serve(
    home: Home = DEFAULT_HOME,
    port: Annotated[int, typer.Option(help="Port on this machine; 0 is a free one.", min=0, max=65535)] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    indexes: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the indexes of the lists lie; default HOME/serve.")
    ] = None,
) -> None:
    """Show a home in the browser: deliveries, the rows behind every sum, explanations. On this machine only."""
    from pipelines.serve.run import serve as serve_home

    warn_of_readers(home)
    serve_home(home, port=port, browser=not no_browser, indexes=indexes, say=functools.partial(print, flush=True))


@app.command()
def index(home: Home = DEFAULT_HOME) -> None:
    """Write index.html and leveranse/ID/index.html: the front pages of a home as it is now."""
    from pipelines.serve.index import write

    warn_of_readers(home)
    say(f"Page: {write(home)}")


@app.command()
@leaves_front_pages
def demo(
    home: Home = DEFAULT_HOME,
    scale: Annotated[float, typer.Option(help="1 = a national year.", min=0.0001)] = 0.01,
    ruleset: RulesetName = None,
) -> None:
    """Generate a small national delivery, settle it, explain one stay and show where the report is."""
    from pipelines.demo import demonstrate

    warn_of_readers(home)
    with progress_line() as progress:
        text = demonstrate(home, scale=scale, ruleset=ruleset, progress=progress)
    say(text)


def main() -> None:
    """Run the command: errors for people on standard error, with their exit code; Ctrl-C leaves nothing half done."""
    stop.watch()
    screen.readable()
    os.umask(0o077)
    try:
        # Outside its standalone mode typer returns the code of an Exit in place of leaving with it.
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:
        if number := stop.received():
            stop.leave(number)
        code = _told(error)
    if number := stop.received():
        stop.leave(number)
    sys.exit(code)


def _told(error: BaseException) -> int:
    """The exit code of an error, which is told on standard error. Raises it again where its trace is of use."""
    if isinstance(error, IsfError):
        tell(str(error))
        return error.exit_code
    if isinstance(error, typer.Abort):  # a question was answered with no, or not at all
        tell("Nothing was done.")
        return 1
    if isinstance(error, BrokenPipeError):  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    if hasattr(error, "show"):  # an error of usage: typer's own message
        error.show()
        return getattr(error, "exit_code", 2)
    if isinstance(error, Exception) and (told := sentence(error)):
        tell(told)
        return 1
    raise error


if __name__ == "__main__":
    main()
