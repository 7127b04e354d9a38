"""What the command line calls: plain arguments in, text out.

run_quality(delivery_or_id, home, answers=None, progress=None)   `isf quality DELIVERY [--home DIR] [--answers FILE]`
"""

import contextlib
from pathlib import Path

import duckdb

from pipelines.checks import page as checks_page
from pipelines.checks import suites as expectations
from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.progress import Progress, silent
from pipelines.engine.version import program_version
from pipelines.errors import DeliveryUnknown, IsfError, OtherVersion
from pipelines.publication import norwegian
from pipelines.publication.audience import DIRECTORATE
from pipelines.quality import answers as answering
from pipelines.quality import catalogue, judge, measure, pack, previous, publication, words
from pipelines.settlement import settled
from pipelines.settlement.run import Settlement, settle

SUITES = catalogue.FOLDER / "suites"
SHOWN = 12
ABOUT = checks_page.About(
    "Kontroller av kvalitetsresultatene",
    "oversikt.html",
    "Oversikten",
    "på resultatene",
    "Resultatene er ikke i orden.",
    DIRECTORATE,
)


def run_quality(
    delivery_or_id: str | Path,
    home: Path,
    answers: Path | None = None,
    progress: Progress = silent,
    *,
    unpublished: bool = False,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
) -> str:
    """Measure, judge and publish the quality reports of a delivery; what to print.

    `delivery_or_id`: the id of a settled delivery, or a delivery folder, which is settled first. Where that is not
    published (or with `unpublished`, which reads what was computed last and not published) the reports say so.
    `answers`: a hospital's answer file, taken before judging. Raises IsfError, DeliveryRefused, AnswersRefused.
    """
    homes.prepare(home)
    found = _settled(delivery_or_id, home, unpublished, threads, memory_limit, progress)
    delivery, apart = found.delivery, found.published is None
    # A hospital is compared with itself: the delivery before and that of last year are measured too, where settled.
    # Those measured before, perhaps by another version, are measured again where they no longer hold.
    unmeasured = _measure_earlier(home, delivery, threads, memory_limit, progress)
    measure.measure(
        home,
        delivery,
        unpublished=apart,
        threads=threads,
        memory_limit=memory_limit,
        progress=_named(progress, delivery),
    )
    lines = []
    if answers is not None:
        lines += _take(Path(answers), home, delivery, apart)
    development = judge.development(home, delivery, unpublished=apart)
    with judge.judged(home, delivery, unpublished=apart, threads=threads) as con:
        results = expectations.validate(con, expectations.suites(SUITES))
        against, before, fault = _against_before(home, delivery, apart)
        extra = {"kontroller.html": _page(con, results, against, before)}
        outcome = publication.publish(con, home, development, extra=extra, threads=threads, progress=progress)
        hospitals = len(pack.hospitals(con))
        lines += summary(con, delivery)
        lines += _for_the_directorate(con, outcome.path)
    if before:
        lines.append(f"{before} Bare for direktoratet: {outcome.path / publication.DIRECTORATE / 'kontroller.html'}")
    lines += fault
    lines += [
        f"Tidligere leveranse {name} kunne ikke måles og er ikke med i sammenligningen: {why}"
        for name, why in unmeasured.items()
    ]
    failed = expectations.blocking_failures(results)
    if failed:
        lines += ["Resultatene av kontrollene er ikke i orden:"] + [f"  - {sentence}" for sentence in failed]
    if apart:
        lines += [words.NOT_PUBLISHED, *(f"  - {reason}" for reason in found.blocked)]
    lines.append(f"{'Uendret, allerede publisert' if outcome.unchanged else 'Publisert'}: {outcome.path}")
    lines.append(f"Oversikt: {outcome.path / publication.DIRECTORATE / 'oversikt.html'}")
    lines.append(f"{hospitals} HF har hver sin mappe; oppgjørets egen mappe er uendret.")
    return "\n".join(lines)


def _measure_earlier(home: Path, delivery: str, threads: int, memory_limit: str, progress: Progress) -> dict[str, str]:
    """Measure the deliveries that this one is compared with; those that could not be, and why."""
    known = [name for name in measure.earlier_deliveries(home, delivery) if homes.quality(home, name).is_file()]
    failed = {}
    for name in dict.fromkeys([*known, *measure.compared_with(home, delivery).values()]):
        try:
            measure.measure(home, name, threads=threads, memory_limit=memory_limit, progress=_named(progress, name))
        except (IsfError, duckdb.Error) as error:
            failed[name] = _why(error)
    return failed


def _why(error: Exception) -> str:
    """What is wrong with a delivery that cannot be measured or compared, and the remedy."""
    if isinstance(error, OtherVersion):
        return "den er gjort opp av en annen versjon av programmet; gjør den opp på nytt."
    if isinstance(error, duckdb.IOException):
        return "filen eller disken lar seg ikke lese eller skrive; se etter plass, eller gjør den opp på nytt."
    if isinstance(error, duckdb.OutOfMemoryException):
        return "minnet strakk ikke til; gi mer minne, eller bruk færre tråder."
    # DuckDB quotes values in its messages: only the kind of error is told.
    return type(error).__name__ if isinstance(error, duckdb.Error) else str(error)


def _settled(
    delivery_or_id: str | Path,
    home: Path,
    unpublished: bool,
    threads: int,
    memory_limit: str,
    progress: Progress,
) -> Settlement:
    """The delivery's settlement: as it stands in the home, or made from the folder. `published` is None where it was
    computed only."""
    name, folder = str(delivery_or_id), Path(delivery_or_id)
    is_settled = folder.name == name and homes.warehouse(home, name).is_file()
    if unpublished or is_settled or not folder.is_dir():
        return _at_home(home, name, unpublished)
    made = settle(folder, home, threads=threads, memory_limit=memory_limit, progress=progress)
    if made.can_accept and _is_published(home, made):
        homes.remove(homes.unpublished(home, made.delivery))
        return _at_home(home, made.delivery, False)
    return made


def _is_published(home: Path, made: Settlement) -> bool:
    """Whether what must be accepted to be published was accepted before: of the same files, by the same rules."""
    published = homes.warehouse(home, made.delivery)
    if not published.is_file():
        return False
    with contextlib.closing(workspace.connect()) as con, contextlib.suppress(OtherVersion):
        sides = {"made": made.warehouse, "published": published}
        entries = [settled.manifest_entry(con, settled.attach_file(con, path, name)) for name, path in sides.items()]
        return entries[0] == entries[1]
    return False


def _at_home(home: Path, delivery: str, unpublished: bool) -> Settlement:
    """The settlement of a delivery by its id; without a published one, what was computed of it last."""
    if not unpublished:
        with contextlib.suppress(DeliveryUnknown):
            found = homes.find_warehouse(home, delivery)
            return Settlement(delivery, found, published=home / "published" / delivery)
        if not homes.unpublished(home, delivery).is_file():
            homes.find_warehouse(home, delivery)
    return Settlement(delivery, homes.find_warehouse(home, delivery, unpublished=True))


def _named(progress: Progress, delivery: str) -> Progress:
    """Progress that says of which delivery it is."""
    return lambda step, number, of: progress(f"{delivery}: {step}", number, of)


def _take(file: Path, home: Path, delivery: str, unpublished: bool) -> list[str]:
    """Take the answers of a file; what to print."""
    taken = answering.take(file, home, delivery, unpublished=unpublished)
    shown = ", ".join(f"{answering.WORDS[code]} {count}" for code, count in sorted(taken.answers.items()))
    lines = [f"Svar tatt imot fra {file.name}: {shown or 'ingen'}"]
    if taken.passed_over:
        lines.append(f"  {norwegian.number(len(taken.passed_over))} linjer er forbigått:")
        lines += [f"  - {place}" for place in answering.few(taken.passed_over)]
    return lines


def _against_before(home: Path, delivery: str, unpublished: bool) -> tuple[list[expectations.Result], str, list[str]]:
    """The comparison with the delivery before, in a sentence, and why there is none where that one cannot be read:
    its reports are not this delivery's."""
    name = measure.compared_with(home, delivery).get("delivery", "")
    try:
        against = previous.judge(home, delivery, unpublished=unpublished)
    except IsfError as error:
        return [], previous.not_compared(name), [f"  - {_why(error)}"]
    return against, previous.summary(against, name) if against else "", []


def _for_the_directorate(con: duckdb.DuckDBPyConnection, folder: Path) -> list[str]:
    """What hospitals have confirmed although it may be paid too much."""
    count, nok = workspace.only_row(con, "select count(*), coalesce(-sum(nok_at_stake), 0) from confirmed_overpayment")
    if not count:
        return []
    return [
        f"Bekreftet av sykehus, mulig overbetaling: {norwegian.number(count)} rader, {norwegian.number(nok, 0)} kr;"
        f" bare for direktoratet: {folder / publication.DIRECTORATE / 'bekreftet_overbetaling.csv'}"
    ]


def _page(
    con: duckdb.DuckDBPyConnection, results: list[expectations.Result], against: list[expectations.Result], before: str
) -> bytes:
    """The results of the expectations on the check results, and `against` the delivery before, summed up."""
    info = pack.info(con)
    run = {
        "delivery": info["delivery"],
        "ruleset": {"id": info["ruleset"], "status": info["ruleset_status"]},
        "program": program_version(),
    }
    held = sum(result.success for result in results)
    summary = f"{len(results)} kontroller er kjørt på resultatene; {held} er oppfylt. {before}".strip()
    suites = [*expectations.suites(SUITES), *expectations.suites(previous.SUITES)]
    return checks_page.build([*results, *against], run, suites, ABOUT, summary).encode("utf-8")


def summary(con: duckdb.DuckDBPyConnection, delivery: str) -> list[str]:
    """The outcome in a few lines of Norwegian: counts and money in the country, the checks with most at stake."""
    total = workspace.only_row(
        con,
        "select sum(failing_rows), sum(nok_lost), sum(nok_over), count(*) filter (where failing_rows > 0)"
        " from hospital_result",
    )
    checks = catalogue.by_id()
    found = con.execute(
        """select check_id, sum(numerator), sum(nok_lost), sum(nok_over) from unit_result
        where level = 'hf' and tier <> 'macro' group by check_id having sum(numerator) > 0
        order by sum(nok_lost) + sum(nok_over) desc, sum(numerator) desc, check_id limit ?""",
        [SHOWN],
    ).fetchall()
    (macro,) = workspace.only_row(
        con,
        "select count(*) from macro_row where not is_explained",
    )
    errors = con.execute("select check_id, message from check_error order by check_id").fetchall()
    absent = [name for (name,) in con.execute("select hf_name from absent_trust order by hf_name, hf_orgnr").fetchall()]
    lines = [
        f"Datakvalitet {delivery}: {len(checks)} kontroller",
        f"  rader med funn: {norwegian.number(total[0])} hos {norwegian.number(total[3])} HF",
        f"  kan hentes: {norwegian.number(total[1], 0)} kr; mulig overbetaling: {norwegian.number(total[2], 0)} kr",
        f"  utviklingstrekk å se på: {norwegian.number(macro)}",
        *([f"  HF som ventes, men ikke har meldt: {', '.join(absent)}"] if absent else []),
        "",
        f"{'kontroll':<52}{'nivå':<13}{'rader':>10}{'hentes kr':>16}{'for mye kr':>16}",
    ]
    for name, count, lost, over in found:
        check = checks[name]
        title = f"{check.title[:40]} (på prøve)" if check.trial else check.title[:50]
        lines.append(
            f"{title:<52}{words.TIER[check.tier]:<13}{norwegian.number(count):>10}"
            f"{norwegian.number(lost, 0):>16}{norwegian.number(over, 0):>16}"
        )
    lines += [f"  kunne ikke kjøres: {name} ({message})" for name, message in errors]
    return [*lines, ""]
