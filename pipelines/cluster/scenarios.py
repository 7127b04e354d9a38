"""`isf simulate --engine spark`: every alternative on every activity is a scenario of its own, and a task.

The scenarios are those that `isf simulate` saves for one alternative at a time. A task is the program itself, so the
executors need it, and must see the home and the rule sets under the same paths.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.cluster import spark
from pipelines.cluster.settings import Cluster
from pipelines.engine.progress import Progress, silent
from pipelines.errors import InputRefused, IsfError
from pipelines.simulate import command
from pipelines.simulate.activity import opened

ONE_AT_A_TIME = ("crosswalk", "alternative_grouping")


def simulate(
    home: Path,
    activities: Sequence[str],
    baseline: str | None,
    alternatives: Sequence[str],
    cluster: Cluster,
    *,
    progress: Progress = silent,
    **options: Any,
) -> str:
    """Run and save the scenario of each alternative on each activity; what to print, in the order given.

    `options`: those of `simulate.command.simulate`. Raises InputRefused (options that go with one scenario only), and
    IsfError with everything that failed; the other scenarios are saved.
    """
    if refused := [
        f"--{name.replace('_', '-')} goes with one scenario." for name in ONE_AT_A_TIME if options.get(name)
    ]:
        raise InputRefused("--engine spark", refused)
    if not activities or not alternatives:
        raise IsfError("Say --activity DELIVERY and --alternative RULESET; both may be given several times.")
    for activity in activities:  # two tasks would build the same cube
        with opened(home, activity, progress=progress):
            pass
    given = {"home": home.resolve(), "baseline": _absolute(baseline), **options, "threads": 1}
    jobs = [
        json.dumps({**given, "activity": activity, "alternatives": [_absolute(alternative)]}, default=str)
        for activity in activities
        for alternative in alternatives
    ]
    progress(f"{len(jobs)} scenarios", 1, 1)
    with spark.session(cluster.master, len(jobs)) as opened_session:
        answers = spark.call(opened_session, Path(__file__).resolve().parents[2], f"{__name__}:one", jobs)
    failed = [answer["failure"] for answer in answers if "failure" in answer]
    if failed:
        raise IsfError(f"{len(failed)} of {len(jobs)} scenarios failed:\n  - " + "\n  - ".join(sorted(set(failed))))
    return "\n".join(answer["text"] for answer in answers)


def one(job: str) -> str:
    """A scenario, in an executor: its arguments as JSON; what to print, or why it failed, as JSON."""
    given = json.loads(job)
    home, out = Path(given.pop("home")), given.pop("out", None)
    activity, baseline, alternatives = given.pop("activity"), given.pop("baseline"), given.pop("alternatives")
    try:
        text = command.simulate(home, activity, baseline, alternatives, out=Path(out) if out else None, **given)
    except Exception as error:
        # An error of the program may hold content of rows; one for people does not.
        told = str(error) if isinstance(error, IsfError) else type(error).__name__
        return json.dumps({"failure": f"{alternatives[0]} on {activity}: {told}"})
    return json.dumps({"text": text})


def _absolute(ruleset: str | None) -> str | None:
    """A rule set's folder by a path that holds on every machine; an id as it is."""
    return str(Path(ruleset).resolve()) if ruleset and Path(ruleset).is_dir() else ruleset
