"""What the command line calls: plain arguments in, text out.

simulate(home, activity, baseline, alternatives, ...)   `isf simulate`
listed(home)                                            `isf simulate --list`
build_weights(home, ruleset, out, ...)                  `isf weights build`
"""

from collections.abc import Sequence
from pathlib import Path

from pipelines.engine import workspace
from pipelines.engine.progress import Progress, silent
from pipelines.errors import IsfError
from pipelines.publication import norwegian
from pipelines.publication import words as labels
from pipelines.rules import load as rulesets
from pipelines.simulate import layout, report, scenario, weights
from pipelines.simulate.activity import opened

FOLDER = "simulations"
ONLY = ("weights",)


def simulate(
    home: Path,
    activity: str | None,
    baseline: str | None,
    alternatives: list[str],
    *,
    without: Sequence[str] = (),
    calibrate: str = "sector",
    only: str | None = None,
    bootstrap: int = 0,
    seed: int = 1,
    out: Path | None = None,
    threads: int = workspace.THREADS,
    memory_limit: str = workspace.MEMORY_LIMIT,
    progress: Progress = silent,
) -> str:
    """Run a scenario, save it under `<home>/simulations/` (or `out`) and return what to print.

    `without`: changes that are left out of the alternatives that have them.

    Raises IsfError (activity, options), RulesetInvalid (all faults of all sets).
    """
    if not activity or not alternatives:
        raise IsfError("Say --activity DELIVERY and at least one --alternative RULESET, or --list.")
    if only is not None and only not in ONLY:
        raise IsfError(f"--only {only}: it can only be {', '.join(ONLY)}.")
    with opened(home, activity, threads=threads, memory_limit=memory_limit, progress=progress) as open_activity:
        made = scenario.run(
            open_activity,
            baseline or open_activity.ruleset,
            scenario.without(alternatives, without),
            calibrate=calibrate,
            only_weights=only == "weights",
            resamples=bootstrap,
            seed=seed,
        )
        path, unchanged = scenario.save(made, out or home / FOLDER)
    lines = [text(comparison) for comparison in made.comparisons]
    lines.append(f"{'Unchanged, already saved' if unchanged else 'Saved'}: {path}")
    lines.append(f"Page: {path / scenario.PAGE}")
    return "\n".join(lines)


def text(comparison) -> str:
    """A comparison for the terminal: the directorate's table per region, then the parts of the whole."""
    lines = [f"{comparison.baseline.id} -> {comparison.alternative.id}"]
    lines += large_changes(comparison)
    if comparison.touches_nothing:
        lines.append("No effect: every point of this activity is the same in both rule sets.")
    for sector in report.sectors(comparison):
        rows = report.rows_of(comparison, "endring_rhf", "base", sector)
        table = layout.table([(report.unit_name(r), r["poeng_utgangspunkt"], r["poeng_alternativ"]) for r in rows])
        factor = next(f for f in comparison.factors if f["measure"] == "base" and f["sector"] == sector)
        lines.append(f"{labels.SECTOR.get(sector, sector)}, base points, factor {factor['factor']}")
        width = max(len(entry.unit) for entry in table)
        for entry in table:
            cells = "".join(f"{layout.plain(cell):>12}" for cell in entry[1:])
            lines.append(f"  {entry.unit:<{width}}{cells}")
        if not comparison.only_weights:
            total = report.total(report.rows_of(comparison, "endring_hf", "full", sector))
            shown = [(title, total[name]) for name, title in report.PARTS]
            parts = ", ".join(f"{title.lower()} {layout.plain(norwegian.number(v, 1, True))}" for title, v in shown)
            lines.append(f"  all that is paid: {parts}")
    if not comparison.only_weights:
        if comparison.reasons:
            lines.append("  all patients settled anew: " + "; ".join(comparison.reasons))
        else:
            causes = ", ".join(f"{cause} {count}" for cause, count in sorted(comparison.causes.items()))
            lines.append(f"  patients settled anew: {comparison.patients_anew}" + (f" ({causes})" if causes else ""))
        moved = sum(r["antall"] for r in comparison.tables["migrering"].dicts() if r["enhet_type"] == "opphold")
        lines.append(f"  stays in another group: {moved}")
    return "\n".join(lines)


def large_changes(comparison) -> list[str]:
    """Groups of the activity whose base points change by more than half, old and new, for the eye."""
    rows = [row for row in comparison.tables["vektendringer"].dicts() if row["over_halvparten"]]
    found = [
        f"  {labels.SECTOR_SHORT[r['sektor']]} {r['gruppe']}: {r['vekt_utgangspunkt']} -> {r['vekt_alternativ']}"
        for r in rows
    ]
    return [f"Base points that change by more than half: {len(found)}", *found] if found else []


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
