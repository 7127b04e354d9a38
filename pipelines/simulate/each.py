"""What each change of an alternative does alone: `isf simulate --each-change`.

The alternative is evaluated without any of its changes, with each of them alone, and as it is. What all together do
beyond the sum is their interplay, so the parts sum to the change in every unit (`sql/simulation_each`).
"""

from pipelines.engine import workspace
from pipelines.engine.models import run
from pipelines.publication.result import ordered
from pipelines.publication.tables import read as read_rows
from pipelines.rules.load import Ruleset
from pipelines.simulate import sets
from pipelines.simulate.activity import Activity
from pipelines.simulate.compare import Comparison, table_model
from pipelines.simulate.evaluate import Evaluations, weights_of

STAGE = "simulation_each"
TABLE = "endring_per_tiltak"
STEP = "step_nr integer, kind varchar, change varchar, title varchar, evaluated_nr integer"
POINTS = (
    "step_nr integer, measure varchar, sector varchar, hf_orgnr varchar, residence_rhf_orgnr varchar,"
    " points decimal(18, 3)"
)


def steps(comparison: Comparison) -> list[tuple[str, str | None, str | None, Ruleset]]:
    """(kind, change, title, rule set): the baseline, the alternative without any change, with each alone, as it is."""
    alternative = comparison.alternative
    on = [row for row in alternative.tables["change"] if row["enabled"]]
    names = {row["change"] for row in on}
    alone = [("change", row["change"], row["title"], alternative.without(names - {row["change"]})) for row in on]
    own = alternative.without(names) if on else alternative
    return [
        ("baseline", None, None, comparison.baseline),
        ("own", None, None, own),
        *alone,
        ("all", None, None, alternative),
    ]


def _told_apart(found: list[tuple]) -> tuple[list[int], list[tuple]]:
    """Per step the place of the first step that computes the same, and those first steps."""
    places: list[int] = []
    for number, (*_, rules) in enumerate(found):
        same = (n for n in range(number) if places[n] == n and sets.computes_alike(found[n][3], rules))
        places.append(next(same, number))
    return places, [step for number, step in enumerate(found) if places[number] == number]


def add(activity: Activity, evaluations: Evaluations, comparison: Comparison) -> None:
    """Make `endring_per_tiltak` of the comparison, beside its other tables."""
    con, settled = activity.con, evaluations.settled
    found = steps(comparison)
    places, first = _told_apart(found)
    if not comparison.only_weights:
        evaluations.expect([step[3] for step in first])
    with workspace.inside(con, comparison.database):
        rows = [(n, kind, change, title, places[n]) for n, (kind, change, title, _) in enumerate(found)]
        # Numbers of the parts: 0 what else differs, then the changes; the baseline has none of its own.
        workspace.fill(
            con, "step", STEP, [(n - 1, kind, change, title, place - 1) for n, kind, change, title, place in rows]
        )
        workspace.fill(con, "evaluated_points", POINTS, [])
    own = weights_of(activity, settled).database
    for number, (*_, rules) in enumerate(found):
        if places[number] != number:
            continue
        activity.tell(f"{comparison.alternative.id}: {found[number][1] or found[number][0]}")
        weights = weights_of(activity, rules).database
        cells = weights if comparison.only_weights else evaluations.of(rules).database
        reading = {
            "settled_unit_cell": "cube.main.unit_cell",
            "settled_group": f"{own}.main.group_weight",
            "step_group": f"{weights}.main.group_weight",
            "step_cell": f"{cells}.main.cell",
        }
        database = activity.database("step")
        run("simulation_step", con, into=database, reading=reading)
        con.execute(
            f"insert into {comparison.database}.evaluated_points select {number - 1}, * from {database}.step_points"
        )
    run(STAGE, con, into=comparison.database)
    comparison.tables[TABLE] = read_rows(con, ordered(table_model(TABLE), f"{comparison.database}.{TABLE}"))
