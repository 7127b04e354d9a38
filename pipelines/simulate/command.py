"""What the command line calls: plain arguments in, text out.

simulate(home, activity, baseline, alternatives, ...)   `isf simulate`; `saved` gives its parts
listed(home)                                            `isf simulate --list`
build_weights(home, ruleset, out, ...)                  `isf weights build`
weights_from_costs(home, out, ...)                      `isf weights from-costs`
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.engine import workspace
from pipelines.engine.progress import Progress, silent
from pipelines.errors import IsfError
from pipelines.rules import load as rulesets
from pipelines.simulate import budgets, scenario, weights
from pipelines.simulate import costs as from_costs
from pipelines.simulate.activity import opened
from pipelines.simulate.text import text

FOLDER = scenario.FOLDER
ONLY = ("weights",)


def simulate(home: Path, activity: str | None, baseline: str | None, alternatives: list[str], **options: Any) -> str:
    """Run a scenario, save it and return what to print. `options`, and what it raises: see `saved`."""
    return told(*saved(home, activity, baseline, alternatives, **options))


def saved(
    home: Path,
    activity: str | None,
    baseline: str | None,
    alternatives: list[str],
    *,
    without: Sequence[str] = (),
    calibrate: str = "sector",
    only: str | None = None,
    each_change: bool = False,
    prices: Sequence[str] = (),
    growth: Sequence[str] = (),
    neutral: Sequence[str] = (),
    crosswalk: Path | None = None,
    alternative_grouping: str | None = None,
    bootstrap: int = 0,
    seed: int = 1,
    out: Path | None = None,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
) -> tuple[list[str], Path, bool]:
    """Run a scenario and save it under `<home>/simulations/` (or `out`): the texts of its comparisons, its folder, and
    whether the same one was there already.

    `without`: changes that are left out of the alternatives that have them; `prices`: `SOM=56180`; `growth`:
    `SOM:HDG 5=2.5`, per cent, of a group, a main diagnostic group or `*`; `neutral`: `SOM:BT01`, a group whose neutral
    weight is asked for; `crosswalk`: CSV with episodeID and drg; `alternative_grouping`: id of definition tables.

    Raises IsfError (activity, options), RulesetInvalid (all faults of all sets).
    """
    if not activity or not (alternatives or crosswalk or alternative_grouping):
        raise IsfError(
            "Say --activity DELIVERY and at least one --alternative RULESET (or --crosswalk, --alternative-grouping),"
            " or --list."
        )
    if only is not None and only not in ONLY:
        raise IsfError(f"--only {only}: it can only be {', '.join(ONLY)}.")
    with opened(home, activity, threads=threads, memory_limit=memory_limit, progress=progress) as open_activity:
        made = scenario.run(
            open_activity,
            baseline or open_activity.ruleset,
            scenario.without(alternatives, without),
            calibrate=calibrate,
            only_weights=only == "weights",
            each_change=each_change,
            budget=budgets.read(prices, growth),
            neutral=neutral,
            crosswalk=crosswalk,
            definitions=(home, alternative_grouping) if alternative_grouping else None,
            resamples=bootstrap,
            seed=seed,
        )
        path, unchanged = scenario.save(made, out or home / FOLDER)
    return [text(comparison) for comparison in made.comparisons], path, unchanged


def told(texts: Sequence[str], path: Path, unchanged: bool) -> str:
    """What is printed of a saved scenario: the texts of its comparisons, and where it lies."""
    saved = f"{'Uendret, lagret fra før' if unchanged else 'Lagret'}: {path}"
    return "\n".join([*texts, saved, f"Side: {path / scenario.PAGE}"])


def listed(home: Path) -> str:
    """The saved scenarios, one line each, with the command that makes each again."""
    found = scenario.saved(home / FOLDER)
    if not found:
        return f"No scenarios under {home / FOLDER}."
    lines = []
    for entry in found:
        state = "intact" if not entry["problems"] else f"NOT INTACT: {entry['problems'][0]}"
        lines.append(f"{entry['path'].name}  [{state}]\n    {entry['command']}")
    return "\n".join(lines)


def build_weights(
    home: Path,
    ruleset: str,
    out: Path,
    *,
    activity: str,
    cost_weights: Path | None = None,
    totals: dict[str, str] | None = None,
    only: list[str] | None = None,
) -> str:
    """Build a weight set as a rule set of the user's own in `out`; what to print.

    `cost_weights`: CSV with sector, drg, cost_weight, else those of `ruleset`; `totals`: sector → points in
    text; `only`: methods or `method:class` to which the building is limited. Raises IsfError, RulesetInvalid.
    """
    rulesets.read(ruleset)
    targets = weights.read_totals(totals or {})
    cost = weights.read_cost_weights(cost_weights) if cost_weights else None
    volumes = weights.volumes_of(home, activity, ruleset)
    rows = weights.build(ruleset, volumes, cost, targets, only)
    source = f"built from cost weights and the volumes of {activity}"
    path = weights.write(rows, ruleset, out, source)
    trial = f"isf simulate --activity {activity} --alternative {path}"
    return f"{weights.summary(rows, weights.service_points(ruleset, volumes))}\nRule set: {path}\nTry it: {trial}"


def weights_from_costs(
    home: Path,
    out: Path,
    *,
    activity: str,
    costs: Path,
    ruleset: str | None = None,
    report: Path | None = None,
    bootstrap: int = 0,
    seed: int = 1,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
) -> str:
    """Make a weight set from what patients cost, as a rule set in `out` and a report beside it; what to print.

    `ruleset`: the set to start from, by default the one the activity was settled with; `report`: the report's folder,
    by default `<out>-rapport`. Raises IsfError, InputRefused (every fault of the file), RulesetInvalid.
    """
    folder = report or out.with_name(f"{out.name}-rapport")
    if folder.exists():
        raise IsfError(f"{folder} exists already. Choose another folder, or remove it.")
    built = from_costs.build(
        home,
        activity,
        costs,
        ruleset,
        out,
        resamples=bootstrap,
        seed=seed,
        threads=threads,
        memory_limit=memory_limit,
        progress=progress,
    )
    from_costs.save(built, folder)
    return "\n".join(
        [
            from_costs.summary(built),
            f"Rule set: {built.path}",
            f"Report: {folder}",
            f"Try it: isf simulate --activity {activity} --alternative {built.path}",
        ]
    )
