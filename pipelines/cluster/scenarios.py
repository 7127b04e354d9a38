"""`isf simulate --engine spark`: every alternative on every activity is a scenario of its own, and a task.

The scenarios are those that `isf simulate` saves for one alternative at a time, with the same bytes. A task is the
program itself, so the executors need it; they read the home and the rule sets under the same paths as this machine, and
write nothing there: a scenario comes back by the exchange and is saved from here.
"""

import contextlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipelines.cluster import spark
from pipelines.cluster.run import exchange
from pipelines.cluster.settings import Cluster
from pipelines.engine import home as homes
from pipelines.engine import version, workspace
from pipelines.engine.progress import Progress, silent
from pipelines.errors import InputRefused, IsfError
from pipelines.simulate import command, scenario
from pipelines.simulate.activity import opened

ONE_AT_A_TIME = ("crosswalk", "alternative_grouping")
# What a task answers beside the files of its scenario: the texts to print, or why there is no scenario.
TEXTS, FAILURE = "texts", "failure"


def simulate(
    home: Path,
    activities: Sequence[str],
    baseline: str | None,
    alternatives: Sequence[str],
    cluster: Cluster,
    *,
    without: Sequence[str] = (),
    out: Path | None = None,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
    tell: Callable[[str], None] = lambda line: None,
    **options: Any,
) -> str:
    """Run and save the scenario of each alternative on each activity; what to print, in the order given.

    `memory_limit`: of this machine, and of each task, which has one thread; `tell`: gets one line about what ran where;
    all others as `simulate.command.saved`. Raises InputRefused (options that go with one scenario only), what reading
    the rule sets raises, and IsfError with everything that failed on the cluster; the other scenarios are saved.
    """
    if refused := [
        f"--{name.replace('_', '-')} goes with one scenario." for name in ONE_AT_A_TIME if options.get(name)
    ]:
        raise InputRefused("--engine spark", refused)
    if not activities or not alternatives:
        raise IsfError("Say --activity DELIVERY and --alternative RULESET; both may be given several times.")
    home = home.resolve()
    parent = out or home / command.FOLDER
    chosen = scenario.without([str(alternative) for alternative in alternatives], without)
    given = {
        "home": str(home),
        # Rule sets in folders are named as they were given, and so from where this was.
        "within": os.getcwd() if any(name and Path(name).is_dir() for name in (baseline, *alternatives)) else None,
        "program": version.program_version(),
        "in_home": scenario.in_home(parent),
        "options": {**options, "threads": 1, "memory_limit": memory_limit},
    }
    progress("the cluster", 1, 1)
    with spark.session(cluster.master) as session:
        jobs: list[dict[str, Any]] = []
        for activity in dict.fromkeys(activities):
            # Its cube is made here, before several tasks would make it.
            with opened(home, activity, threads=threads, memory_limit=memory_limit, progress=progress) as settled:
                scenario.read_sets(baseline or settled.ruleset, chosen)
            jobs += [{**given, "activity": activity, "baseline": baseline, "alternative": name} for name in chosen]
        progress(f"{len(jobs)} scenarios", 1, 1)
        with exchange(home, "simulations", cluster) as (folder, url):
            texts = [json.dumps(job) for job in jobs]
            workers: dict[int, str] = {}
            for row in spark.call(session, f"{__name__}:in_executor", texts, f"{url}/made", folder / "made"):
                workers[row.number] = row.worker
                place = folder / "back" / str(row.number) / row.name
                homes.make(place.parent)
                place.write_bytes(row.content)
            had = sorted(Counter(workers.values()).values(), reverse=True)
            tell(f"{len(workers)} scenarios on {len(had)} workers ({', '.join(map(str, had))})")
            return _saved([folder / "back" / str(number) for number in range(len(jobs))], parent)


def _saved(answers: Sequence[Path], parent: Path) -> str:
    """Save the scenarios that came back, and what to print. Raises IsfError with those that failed."""
    printed, failed = [], []
    for place in answers:
        if not place.exists():
            failed.append(f"scenario {place.name} did not come back")
        elif (place / FAILURE).exists():
            failed.append((place / FAILURE).read_text(encoding="utf-8"))
        else:
            (made,) = (path for path in place.iterdir() if path.is_dir())
            path, unchanged = scenario.take(made, parent)
            printed.append(command.told(json.loads((place / TEXTS).read_bytes()), path, unchanged))
    if failed:
        raise IsfError(
            f"{len(failed)} of {len(answers)} scenarios failed, the others are saved in {parent}:\n  - "
            + "\n  - ".join(failed)
        )
    return "\n".join(printed)


def in_executor(job: str) -> Iterator[tuple[str, bytes]]:
    """A scenario, in an executor: its arguments as JSON; the names and contents of its files, below its own name, and
    its texts, or why it failed."""
    given = json.loads(job)
    named = f"{given['alternative']} on {given['activity']}"
    if given["program"] != version.program_version():
        yield FAILURE, f"{named}: the executor has another version of the program or of a library".encode()
        return
    with tempfile.TemporaryDirectory(prefix="isf-scenario-") as temporary:
        own = Path(temporary)
        try:
            with _standing(given["within"]):
                texts, made, _ = command.saved(
                    _seen_from(own / "home", Path(given["home"]), given["activity"]),
                    given["activity"],
                    given["baseline"],
                    [given["alternative"]],
                    out=None if given["in_home"] else own / "out",
                    **given["options"],
                )
        except (OSError, MemoryError) as error:  # of the machine: Spark tries it on another
            raise RuntimeError(f"scenario {named}: {type(error).__name__}") from None
        except Exception as error:
            # An error of the program may hold content of rows; one for people does not.
            told = str(error) if isinstance(error, IsfError) else type(error).__name__
            yield FAILURE, f"{named}: {told}".encode()
            return
        yield TEXTS, json.dumps(texts).encode()
        for path in sorted(path for path in made.rglob("*") if path.is_file()):
            yield path.relative_to(made.parent).as_posix(), path.read_bytes()


def _seen_from(own: Path, home: Path, activity: str) -> Path:
    """A home of this task's own, through which it sees the warehouse and the cube of the activity in the true one."""
    for path in (homes.warehouse(home, activity), homes.cube(home, activity)):
        seen = own / path.relative_to(home)
        homes.make(seen.parent)
        seen.symlink_to(path)
    return own


@contextlib.contextmanager
def _standing(folder: str | None) -> Iterator[None]:
    with contextlib.chdir(folder) if folder else contextlib.nullcontext():
        yield
