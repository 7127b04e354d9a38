"""Baseline against alternatives on one activity: the change, its parts, and the tables of a scenario.

All sums are DECIMAL in SQL (`sql/90_simulation/effect_cell.sql`, `effect.sql`); the parts sum to the change
in every cell, so also in every sum of cells. Here is only the order of the steps.
"""

from dataclasses import dataclass, field

from pipelines.errors import IsfError
from pipelines.publish.tables import Rows
from pipelines.publish.tables import read as read_rows
from pipelines.ruleset import Ruleset
from pipelines.simulate import sets
from pipelines.simulate.activity import Activity, simulation_model
from pipelines.simulate.evaluate import (
    Evaluated,
    evaluate_full,
    evaluate_quick,
    evaluate_settled,
    find_touched,
    subset_of_settled,
)

CALIBRATIONS = ("sector", "total", "none")
TABLES = (
    "endring_rhf", "endring_hf", "endring_gjestestrom", "endring_hdg", "endring_gruppe", "endring_regel",
    "drivere", "vinnere_tapere", "migrering",
)  # fmt: skip
BY_KEY = {name: simulation_model(name).header["key"] for name in TABLES}
CELL_COLUMNS = "sector, unit_type, hf_orgnr, residence_rhf_orgnr, group_code, state, rule"


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
    if calibrate not in CALIBRATIONS:
        raise IsfError(f"--calibrate {calibrate}: it must be one of {', '.join(CALIBRATIONS)}.")
    pair = activity.database("pair")
    result = Comparison(baseline, alternative, pair, calibrate, only_weights)
    before, after = _evaluate(activity, settled, result)
    con = activity.con
    for name, evaluated in (("baseline", before), ("alternative", after)):
        con.execute(f"create view {pair}.{name}_cell as select * from {evaluated.database}.cell")
        con.execute(f"create view {pair}.{name}_group as select * from {evaluated.database}.group_weight")
    ref = f"{before.database}.ref"
    con.execute(f"create view {pair}.baseline_trust as select * from {ref}.trust")
    con.execute(f"create view {pair}.baseline_price as select * from {ref}.unit_price")
    con.execute(f"create view {pair}.baseline_region as select distinct rhf_orgnr, rhf_name from {ref}.trust")
    con.execute(f"create table {pair}.calibration as select cast(? as varchar) as mode", [calibrate])
    con.execute(
        f"create table {pair}.measure_shown as select cast(? as varchar) as measure", [result.measure]
    )
    _followed(activity, pair, before, after, result)
    activity.make(pair, "price", "effect_cell", "calibration_factor", "effect", *TABLES)
    result.touches_nothing = _same_cells(con, before, after)
    for name in TABLES:
        keys = ", ".join(f"{key} nulls first" for key in BY_KEY[name].split(", "))
        result.tables[name] = read_rows(con, f"select * from {pair}.{name} order by {keys}")
    result.factors = read_rows(
        con, f"select * from {pair}.calibration_factor order by measure, sector desc"
    ).dicts()
    return result


def _evaluate(activity: Activity, settled: Ruleset, result: Comparison) -> tuple[Evaluated, Evaluated]:
    """Both sets on the activity, over the same patients settled anew."""
    con = activity.con
    both = (result.baseline, result.alternative)
    if result.only_weights:
        # The directorate's tables: other base points on the same units in the same groups; nothing is
        # settled anew.
        return tuple(_weights_only(activity, settled, rules) for rules in both)  # type: ignore[return-value]
    touched = f"{activity.database('touched')}.touched"
    con.execute(f"create table {touched} (patient_id varchar)")
    for rules in both:
        if rules.sha256 == settled.sha256:
            continue
        found, causes, reasons = find_touched(activity, settled, rules)
        result.causes |= causes
        result.reasons += [reason for reason in reasons if reason not in result.reasons]
        con.execute(f"insert into {touched} select distinct patient_id from {found}")
    if result.reasons:
        result.causes, result.patients_anew = {}, None
    else:
        (result.patients_anew,) = con.execute(f"select count(distinct patient_id) from {touched}").fetchone()

    def one(rules: Ruleset) -> Evaluated:
        if rules.sha256 == settled.sha256:
            evaluated = evaluate_settled(activity, rules)
            evaluated.run = subset_of_settled(activity, None if result.reasons else touched)
            return evaluated
        if result.reasons:
            return evaluate_full(activity, settled, rules)
        return evaluate_quick(activity, rules, touched)

    return one(result.baseline), one(result.alternative)


def _weights_only(activity: Activity, settled: Ruleset, rules: Ruleset) -> Evaluated:
    """The settled cells with the group weights of `rules`: enough for the measure `base`."""
    evaluated = evaluate_settled(activity, settled)
    if rules.sha256 == settled.sha256:
        return evaluated
    con = activity.con
    database = activity.database("weights")
    activity.show_rules(rules, database)
    con.execute(f"""
        create table {database}.cell as
        select cell.* replace (
            if(
                cell.part = 'base',
                cast(cell.units * coalesce(w.base_points, old.base_points) as decimal(18, 3)),
                cell.points
            ) as points
        )
        from {evaluated.database}.cell as cell
        left join {evaluated.database}.group_weight as old
            on old.sector = cell.sector and old.unit_type = cell.unit_type
            and old.group_code = cell.group_code
        left join (select sector, 'stay' as unit_type, drg as group_code, base_points from {database}.ref.drg
            union all select sector, 'service', stg, base_points from {database}.ref.stg) as w
            on w.sector = cell.sector and w.unit_type = cell.unit_type and w.group_code = cell.group_code
    """)
    activity.make(database, "group_weight")
    return Evaluated(rules, database)


def _followed(activity: Activity, pair: str, before: Evaluated, after: Evaluated, result: Comparison) -> None:
    """Views on the stays, services and pathways of both sides that may have moved."""
    con = activity.con
    for side, evaluated in (("baseline", before), ("alternative", after)):
        for name in ("stay", "stay_episode", "service", "pathway"):
            source = f"{evaluated.run}.{name}" if evaluated.run else f"(select * from wh.{name} limit 0)"
            con.execute(f"create view {pair}.{side}_{name} as select * from {source}")


def _same_cells(con, before: Evaluated, after: Evaluated) -> bool:
    (different,) = con.execute(
        f"""
        select count(*) from (
            (select {CELL_COLUMNS}, points from {before.database}.cell
             except all select {CELL_COLUMNS}, points from {after.database}.cell)
            union all
            (select {CELL_COLUMNS}, points from {after.database}.cell
             except all select {CELL_COLUMNS}, points from {before.database}.cell)
        )
        """
    ).fetchone()
    return different == 0


def differences(baseline: Ruleset, alternative: Ruleset) -> list[str]:
    """What differs between the sets in words of tables and rules, for the report."""
    tables = [f"tabell {name}" for name in sorted(sets.changed_tables(baseline, alternative))]
    return tables + [f"regel {rule}" for rule in sorted(sets.changed_rules(baseline, alternative))]
