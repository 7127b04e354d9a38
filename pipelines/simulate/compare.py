"""Baseline against alternatives on one activity: the change, its parts, and the tables of a scenario.

All sums are DECIMAL in SQL (`sql/simulation_effect`); the parts sum to the change
in every cell, so also in every sum of cells. Here is only the order of the steps.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb

from pipelines.engine import workspace
from pipelines.engine.models import WAY, Model, models, needed, run
from pipelines.errors import InputRefused
from pipelines.publication.result import ordered
from pipelines.publication.tables import Rows, row_count
from pipelines.publication.tables import read as read_rows
from pipelines.rules.load import Ruleset
from pipelines.simulate.activity import Activity
from pipelines.simulate.evaluate import Evaluated, Evaluations, nobody, weights_of

CALIBRATIONS = ("sector", "total", "none")
TABLES = (
    "hovedtall", "endring_rhf", "endring_hf", "endring_region", "endring_klasse", "endring_fylke",
    "endring_gjestestrom", "endring_hdg", "endring_gruppe", "endring_regel", "kroneroppstilling", "vektendringer",
    "drivere", "vinnere_tapere", "migrering_land", "migrering", "kalibrering",
)  # fmt: skip
STAGE = "simulation_effect"
TABLE_STAGES = (STAGE, "simulation_each", "simulation_neutral", "simulation_interval")
# What every comparison is judged by.
JUDGED = ("effect", "calibration_factor", "differing_cell", "base_cell")
FOLLOWED = ("stay", "stay_episode", "service", "pathway")


def table_model(name: str) -> Model:
    """The model of a table of a scenario. Raises KeyError."""
    return {one.name: one for stage in TABLE_STAGES for one in models(stage)}[name]


@dataclass(frozen=True)
class Budget:
    """What a budget assumes beside the rule sets. `prices`: sector → unit price of the alternative; `growth`:
    (sector, group, per cent), the group a DRG, STG or TFG, `HDG 5`, or `*`."""

    prices: tuple[tuple[str, Decimal], ...] = ()
    growth: tuple[tuple[str, str, Decimal], ...] = ()


@dataclass
class Comparison:
    """One alternative against the baseline. `database` holds `effect`, `calibration_factor` and the tables.

    `causes`: patients settled anew, per cause; `reasons`: why all patients were (then `causes` is empty);
    `grouping`: by what the alternative's activity is grouped otherwise;
    `touches_nothing`: the two sets give the same points in every cell; `wanted`: the tables that are made.
    """

    baseline: Ruleset
    alternative: Ruleset
    database: str
    calibrate: str
    only_weights: bool
    budget: Budget = Budget()
    grouping: str = ""
    causes: dict[str, int] = field(default_factory=dict)
    patients_anew: int | None = 0
    reasons: list[str] = field(default_factory=list)
    touches_nothing: bool = False
    wanted: tuple[str, ...] = TABLES
    tables: dict[str, Rows] = field(default_factory=dict)
    factors: list[dict] = field(default_factory=list)

    @property
    def measure(self) -> str:
        """The measure that holds the whole: `base` where only weights are compared."""
        return "base" if self.only_weights else "full"


def compare(
    activity: Activity, settled: Ruleset, baseline: Ruleset, alternative: Ruleset, **options: Any
) -> Comparison:
    """Compare two rule sets on the activity; `options` as in `compare_all`."""
    return compare_all(activity, settled, baseline, [alternative], **options)[0]


def compare_all(
    activity: Activity,
    settled: Ruleset,
    baseline: Ruleset,
    alternatives: list[Ruleset],
    *,
    calibrate: str = "sector",
    only_weights: bool = False,
    budget: Budget | None = None,
    evaluations: Evaluations | None = None,
    tables: tuple[str, ...] = TABLES,
) -> list[Comparison]:
    """Compare every alternative with the baseline. The patients whom any of the sets touches are taken out of
    the activity once; a set that needs all patients anew does not hold the others up.

    `evaluations`: what is known of the sets already, if others ask too; `tables`: those that are asked for. Raises
    InputRefused for an unknown kind of calibration.
    """
    if calibrate not in CALIBRATIONS:
        raise InputRefused("--calibrate", [f"{calibrate} is not known; it must be one of {', '.join(CALIBRATIONS)}."])
    results = [
        Comparison(
            baseline,
            alternative,
            activity.database("pair"),
            calibrate,
            only_weights,
            budget or Budget(),
            wanted=tables,
        )
        for alternative in alternatives
    ]
    if only_weights:
        before = weights_of(activity, baseline)
        for result in results:
            _tables(activity, settled, before, weights_of(activity, result.alternative), result)
        return results
    known = evaluations or Evaluations(activity, settled)
    known.expect([baseline, *alternatives])
    for result in results:
        activity.tell(f"compare {result.alternative.id}")
        pair = (baseline, result.alternative)
        result.causes, result.patients_anew, result.reasons = known.account(pair)
        sides = [known.of(rules, everybody=bool(result.reasons)) for rules in pair]
        _tables(activity, settled, sides[0], sides[1], result)
    return results


def _tables(activity: Activity, settled: Ruleset, before: Evaluated, after: Evaluated, result: Comparison) -> None:
    """The pair's views on both sides, then effect, factors and tables."""
    con, pair = activity.con, result.database
    rules = activity.rules(result.baseline)
    reading = {
        "ref": rules,
        **_providers(activity, settled, result, rules),
        "baseline_price": f"{rules}.unit_price",
        "alternative_price": f"{activity.rules(result.alternative)}.unit_price",
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
        prices = "sector varchar, unit_price_nok decimal(18, 2)"
        workspace.fill(con, "asked_price", prices, result.budget.prices)
        growth = "sector varchar, group_code varchar, percent decimal(7, 2)"
        workspace.fill(con, "activity_growth", growth, result.budget.growth)
    made = needed((*result.wanted, *JUDGED), STAGE)
    run(STAGE, con, into=pair, reading=reading, only=[model.name for model in made])
    reweighted = f"(select 1 from {pair}.base_cell where points_before <> points_after)"
    result.touches_nothing = not row_count(con, f"{pair}.differing_cell") and not row_count(con, reweighted)
    read_tables(con, result)


def _providers(activity: Activity, settled: Ruleset, result: Comparison, rules: str) -> dict[str, str]:
    """Where `region` and `provider` are: who a provider is, is said by the baseline, and where it says what the
    settlement said, the warehouse has it."""
    same = all(_rows(settled, name) == _rows(result.baseline, name) for name in ("trust", "municipality"))
    if not same:
        run(
            WAY,
            activity.con,
            into=result.database,
            reading={"ref": rules, "landing": "wh.landing"},
            only=["region", "provider"],
        )
    where = "wh" if same else result.database
    return {name: f"{where}.main.{name}" for name in ("region", "provider")}


def _rows(rules: Ruleset, table: str) -> list[dict]:
    """The rows of a table without their places in the files."""
    return [{k: v for k, v in row.items() if not k.startswith("_")} for row in rules.tables[table]]


def read_tables(con: duckdb.DuckDBPyConnection, result: Comparison) -> None:
    """The tables and factors of a comparison from its database."""
    pair = result.database
    for name in result.wanted:
        result.tables[name] = read_rows(con, ordered(table_model(name), f"{pair}.{name}"))
    result.factors = read_rows(
        con, f"select * exclude (draw) from {pair}.calibration_factor order by measure, sector desc"
    ).dicts()
