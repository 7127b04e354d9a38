"""Baseline against alternatives on one activity: the change, its parts, and the tables of a scenario.

All sums are DECIMAL in SQL (`sql/simulation_effect`); the parts sum to the change
in every cell, so also in every sum of cells. Here is only the order of the steps.
"""

from dataclasses import dataclass, field

from pipelines.engine import workspace
from pipelines.engine.models import WAY, model, run
from pipelines.errors import IsfError
from pipelines.publication.tables import Rows, row_count
from pipelines.publication.tables import read as read_rows
from pipelines.rules.load import Ruleset
from pipelines.simulate import sets
from pipelines.simulate.activity import Activity
from pipelines.simulate.evaluate import (
    Evaluated,
    evaluate_full,
    evaluate_quick,
    evaluate_settled,
    find_touched,
    nobody,
    settled_units,
    take_out,
)

CALIBRATIONS = ("sector", "total", "none")
TABLES = (
    "endring_rhf", "endring_hf", "endring_gjestestrom", "endring_hdg", "endring_gruppe", "endring_regel",
    "vektendringer", "drivere", "vinnere_tapere", "migrering",
)  # fmt: skip
STAGE = "simulation_effect"
BY_KEY = {name: model(name, STAGE).header["key"] for name in TABLES}
FOLLOWED = ("stay", "stay_episode", "service", "pathway")


@dataclass
class Comparison:
    """One alternative against the baseline. `database` holds `effect`, `calibration_factor` and the tables.

    `causes`: patients settled anew, per cause; `reasons`: why all patients were (then `causes` is empty);
    `touches_nothing`: the two sets give the same points in every cell.
    """

    baseline: Ruleset
    alternative: Ruleset
    database: str
    calibrate: str
    only_weights: bool
    causes: dict[str, int] = field(default_factory=dict)
    patients_anew: int | None = 0
    reasons: list[str] = field(default_factory=list)
    touches_nothing: bool = False
    tables: dict[str, Rows] = field(default_factory=dict)
    factors: list[dict] = field(default_factory=list)

    @property
    def measure(self) -> str:
        """The measure that holds the whole: `base` where only weights are compared."""
        return "base" if self.only_weights else "full"


def compare(
    activity: Activity,
    settled: Ruleset,
    baseline: Ruleset,
    alternative: Ruleset,
    *,
    calibrate: str = "sector",
    only_weights: bool = False,
) -> Comparison:
    """Compare two rule sets on the activity. Raises IsfError for an unknown kind of calibration."""
    return compare_all(activity, settled, baseline, [alternative], calibrate=calibrate, only_weights=only_weights)[0]


def compare_all(
    activity: Activity,
    settled: Ruleset,
    baseline: Ruleset,
    alternatives: list[Ruleset],
    *,
    calibrate: str = "sector",
    only_weights: bool = False,
) -> list[Comparison]:
    """Compare every alternative with the baseline. The patients whom any of the sets touches are taken out of
    the activity once; a set that needs all patients anew does not hold the others up."""
    if calibrate not in CALIBRATIONS:
        raise IsfError(f"--calibrate {calibrate}: it must be one of {', '.join(CALIBRATIONS)}.")
    results = [
        Comparison(baseline, alternative, activity.database("pair"), calibrate, only_weights)
        for alternative in alternatives
    ]
    if only_weights:
        before = weights_of(activity, baseline)
        for result in results:
            _tables(activity, settled, before, weights_of(activity, result.alternative), result)
        return results
    found = {
        rules.sha256: find_touched(activity, settled, rules)
        for rules in {rules.sha256: rules for rules in (baseline, *alternatives)}.values()
        if rules.sha256 != settled.sha256
    }
    for result in results:
        _account(activity, result, [found[key] for key in _keys(result, settled)])
    quick = {key: table for key, (table, _, reasons) in found.items() if not reasons}
    taken = None
    if any(not result.reasons for result in results):
        both = f"{activity.database('touched')}.touched"
        tables = [f"select patient_id from {table}" for table in quick.values()]
        union = " union ".join(tables) or "select cast(null as varchar) as patient_id where false"
        activity.con.execute(f"create table {both} as {union}")
        taken = take_out(activity, both)
    everybody = None
    cache: dict[tuple, Evaluated] = {}
    for result in results:
        activity.tell(f"compare {result.alternative.id}")
        sides = []
        if result.reasons and everybody is None:
            everybody = settled_units(activity, None)
        for rules in (baseline, result.alternative):
            key = (rules.sha256, bool(result.reasons))
            if key not in cache:
                if rules.sha256 == settled.sha256:
                    cache[key] = evaluate_settled(activity, rules)
                    cache[key].run = everybody if result.reasons or taken is None else taken.before
                elif result.reasons or taken is None:
                    cache[key] = evaluate_full(activity, settled, rules)
                else:
                    cache[key] = evaluate_quick(activity, rules, taken)
            sides.append(cache[key])
        _tables(activity, settled, sides[0], sides[1], result)
    return results


def _keys(result: Comparison, settled: Ruleset) -> list[str]:
    return [r.sha256 for r in (result.baseline, result.alternative) if r.sha256 != settled.sha256]


def _account(activity: Activity, result: Comparison, found: list[tuple]) -> None:
    """What must be settled anew for this comparison, and why."""
    for _, causes, reasons in found:
        result.causes |= causes
        result.reasons += [reason for reason in reasons if reason not in result.reasons]
    if result.reasons:
        result.causes, result.patients_anew = {}, None
    elif found:
        union = " union ".join(f"select patient_id from {table}" for table, _, _ in found)
        (result.patients_anew,) = workspace.only_row(activity.con, f"select count(*) from ({union})")


def _tables(activity: Activity, settled: Ruleset, before: Evaluated, after: Evaluated, result: Comparison) -> None:
    """The pair's views on both sides, then effect, factors and tables."""
    con, pair = activity.con, result.database
    rules = activity.rules(result.baseline)
    # Who a provider is, is said by the baseline.
    run(WAY, con, into=pair, reading={"ref": rules, "landing": "wh.landing"}, only=["region", "provider"])
    reading = {
        "baseline_price": f"{rules}.unit_price",
        "settled_unit_cell": "cube.main.unit_cell",
        "settled_group": f"{weights_of(activity, settled).database}.main.group_weight",
    }
    for side, evaluated in (("baseline", before), ("alternative", after)):
        reading[f"{side}_cell"] = f"{evaluated.database}.main.cell"
        reading[f"{side}_group"] = f"{evaluated.database}.main.group_weight"
        # The stays, services and pathways that may have moved.
        moved = evaluated.run or nobody(activity)
        reading |= {f"{side}_{name}": f"{moved}.main.{name}" for name in FOLLOWED}
    with workspace.inside(con, pair):
        workspace.fill(con, "calibration", "mode varchar", [(result.calibrate,)])
    run(STAGE, con, into=pair, reading=reading)
    reweighted = f"(select 1 from {pair}.base_cell where points_before <> points_after)"
    result.touches_nothing = not row_count(con, f"{pair}.differing_cell") and not row_count(con, reweighted)
    for name in TABLES:
        keys = ", ".join(f"{key} nulls first" for key in BY_KEY[name].split(", "))
        result.tables[name] = read_rows(con, f"select * from {pair}.{name} order by {keys}")
    result.factors = read_rows(con, f"select * from {pair}.calibration_factor order by measure, sector desc").dicts()


def weights_of(activity: Activity, rules: Ruleset) -> Evaluated:
    """The weights of `rules` and no units: enough for the measure `base`, whose units are the settled ones."""
    con, database = activity.con, activity.database("weights")
    run("simulation", con, into=database, reading={"ref": activity.rules(rules)}, only=["group_weight"])
    con.execute(
        f"create view {database}.cell as"
        " select * exclude (zeroing_rule, member_rule), 'paid' as state, 'base' as part from cube.unit_cell limit 0"
    )
    return Evaluated(rules, database)


def differences(baseline: Ruleset, alternative: Ruleset) -> list[str]:
    """What differs between the sets in words of tables and rules, for the report."""
    tables = [f"tabell {name}" for name in sorted(sets.changed_tables(baseline, alternative))]
    return tables + [f"regel {rule}" for rule in sorted(sets.changed_rules(baseline, alternative))]
