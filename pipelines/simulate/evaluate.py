"""The points of an activity under a rule set, as cells: sector, kind of unit, trust, region, group, state,
rule.

Quick: the cube with the other set's points, less the touched patients, whose rows are settled anew by the
same SQL. Full: the models that the difference reaches are run again for all; the others are views on the
warehouse. Both end in the same table `cell`, whose sum is the ledger's.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.engine.models import models
from pipelines.errors import IsfError
from pipelines.rules import load as rulesets
from pipelines.rules.load import Ruleset
from pipelines.simulate import sets
from pipelines.simulate.activity import LANDING, Activity, execute

TARGETS = (
    "stay", "stay_episode", "stay_points", "service", "service_points", "pathway", "pathway_points", "pathway_member",
)  # fmt: skip
# What cells and migration need of a settled unit.
UNIT_COLUMNS = {
    "stay": "stay_nr, patient_id, sector, hf_orgnr, residence_rhf_orgnr, drg, base_points, is_phv_inpatient",
    "service": "service_id, patient_id, sector, hf_orgnr, residence_rhf_orgnr, stg, base_points, status",
    "pathway": "pathway_id, patient_id, sector, hf_orgnr, residence_rhf_orgnr, tfg, base_points",
}
CHILDREN = ("tilstand", "prosedyre", "helseperson", "takst")
# Above this share of the patients it is cheaper to settle all of them anew.
MOST_TOUCHED = Decimal("0.35")
FEW_PATIENTS = 1000


@dataclass
class Evaluated:
    """A rule set on the activity. `database` holds `cell`, `group_weight`, schema `ref`; `run` the touched
    patients' `stay`, `service`, `pathway` (or everybody's). `causes`: patients touched per cause; `reasons`:
    why all were."""

    ruleset: Ruleset
    database: str
    run: str | None = None
    causes: dict[str, int] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    models_run: int = 0


def settled_rules(activity: Activity) -> Ruleset:
    """The rule set with which the activity was settled. Raises IsfError if it is no longer the same."""
    try:
        rules = rulesets.read(activity.ruleset)
    except IsfError:
        rules = None
    if rules is None or rules.sha256 != activity.ruleset_sha256:
        raise IsfError(
            f"{activity.delivery} was settled with rule set {activity.ruleset} "
            f"(sha256 {activity.ruleset_sha256[:12]}), "
            f"which {'is not there any more' if rules is None else 'has been changed since'}. "
            "Settle it again first."
        )
    return rules


def evaluate_settled(activity: Activity, rules: Ruleset) -> Evaluated:
    """The activity under the rule set it was settled with: the cube as it is."""
    database = _result(activity, rules)
    activity.con.execute(f"create table {database}.unit_cell_all as select * from cube.unit_cell")
    _finish(activity, database)
    return Evaluated(rules, database)


def find_touched(activity: Activity, settled: Ruleset, rules: Ruleset) -> tuple[str, dict[str, int], list[str]]:
    """Table of the patients whom the difference touches (cause, patient_id), their number per cause, and the
    reasons why all must be settled anew. With a reason the table may be empty."""
    con = activity.con
    own = activity.database("touched")
    touched = f"{own}.touched"
    con.execute(f"create table {touched} (cause varchar, patient_id varchar)")
    reasons = sets.reasons_for_all(settled, rules)
    if reasons:
        return touched, {}, reasons
    activity.show_rules(rules, own)
    with activity.inside(own):
        execute(con, _model("stg_period").statement, _model("stg_period"))
    activity.show_rules(rules, "look", "other")
    con.execute(f"create or replace view look.other.stg_period_of_service as select * from {own}.main.stg_period")
    activity.make("look", "changed_drg")
    with activity.inside("look"):
        for model in models("simulation"):
            if model.name.startswith("touched_by_"):
                statement = f"insert into {touched} select distinct * from (\n{model.sql}\n)"
                execute(con, statement, model)
    causes = dict(
        con.execute(f"select cause, count(distinct patient_id) from {touched} group by all order by all").fetchall()
    )
    found, of = con.execute(
        f"select (select count(distinct patient_id) from {touched}), patients from look.activity_size"
    ).fetchone()
    if found > MOST_TOUCHED * of and of > FEW_PATIENTS:
        reasons = [f"{100 * found // of} % of the patients are touched"]
    return touched, causes, reasons


def _model(name: str):
    return next(model for model in models() if model.name == name)


def _result(activity: Activity, rules: Ruleset) -> str:
    database = activity.database("result")
    activity.show_rules(rules, database)
    return database


def _finish(activity: Activity, database: str) -> None:
    """From `unit_cell_all`: the regional deduction by its own model, then `cell` and `group_weight`."""
    activity.make(database, "rehabilitation_stay")
    con = activity.con
    con.execute(f"create view {database}.stay as select * exclude (points) from {database}.rehabilitation_stay")
    con.execute(f"create view {database}.stay_points as select stay_nr, points from {database}.rehabilitation_stay")
    with activity.inside(database):
        model = _model("regional_deduction")
        execute(con, model.statement, model)
    activity.make(database, "cell", "group_weight")
    (lost,) = con.execute(f"select count(*) from {database}.cell where points is null").fetchone()
    if lost:
        raise IsfError(f"{lost} cells have no points: a group of the activity is in neither rule set.")


@dataclass
class Touched:
    """The patients whom any of the sets of a scenario touches, taken out once for all of them. `landing`: a
    database with their rows of the landing tables; `before`: their settled stays, services and pathways. In
    `look` stand `touched_cell` (their cells) and `unit_cell_rest` (everybody else's)."""

    landing: str
    before: str


def take_out(activity: Activity, touched: str) -> Touched:
    """Take the patients of table `touched` (patient_id) out of the cube."""
    con = activity.con
    landing = activity.database("landing")
    for name in LANDING:
        query = f"select * from wh.landing.{name}"
        if name in ("episode", "hresept"):
            query += f" where pasientID in (select patient_id from {touched})"
        elif name in CHILDREN:
            query += f" where episode_nr in (select episode_nr from {landing}.episode)"
        kind = "table" if name in (*CHILDREN, "episode", "hresept") else "view"
        con.execute(f"create {kind} {landing}.{name} as {query}")
    before = settled_units(activity, touched)
    for name in ("stay_rule", "zeroing_rule", "service_points", "pathway_points", "pathway_member"):
        con.execute(f"create view {before}.{name} as select * from wh.{name}")
    activity.make(before, "unit_cell")
    con.execute(f"create or replace table look.touched_cell as select * from {before}.unit_cell")
    activity.make("look", "unit_cell_rest")
    return Touched(landing, before)


def settled_units(activity: Activity, touched: str | None) -> str:
    """A database with the settled `stay`, `stay_episode`, `service` and `pathway` of the patients of
    `touched`, or of everybody: what the same units were before."""
    con = activity.con
    database = activity.database("before")
    chosen = f" where patient_id in (select patient_id from {touched})" if touched else ""
    kind = "table" if touched else "view"
    for name in ("stay", "service", "pathway"):
        con.execute(f"create {kind} {database}.{name} as select {UNIT_COLUMNS[name]} from wh.{name}{chosen}")
    # Only the stays' own numbers are asked for.
    con.execute(f"create view {database}.stay_episode as select stay_nr as episode_nr, stay_nr from {database}.stay")
    return database


def evaluate_quick(activity: Activity, rules: Ruleset, touched: Touched) -> Evaluated:
    """The activity under `rules`, where only the touched patients are settled anew."""
    con = activity.con
    run = rerun(activity, rules, touched.landing)
    activity.show_rules(rules, "look", "other")
    database = _result(activity, rules)
    activity.make("look", "unit_cell_shifted")
    activity.make(run, "unit_cell")
    con.execute(
        f"create table {database}.unit_cell_all as"
        f" select * from look.unit_cell_shifted union all select * from {run}.unit_cell"
    )
    _finish(activity, database)
    return Evaluated(rules, database, run)


def rerun(activity: Activity, rules: Ruleset, landing: str) -> str:
    """The models of the settlement on the landing tables of a database, under `rules`; the database made."""
    con = activity.con
    run = activity.database("run")
    activity.show_rules(rules, run)
    with activity.inside(run):
        con.execute("create schema landing")
        for name in LANDING:
            con.execute(f"create view landing.{name} as select * from {landing}.{name}")
        for model in sets.needed(TARGETS):
            execute(con, model.statement, model)
    return run


def evaluate_full(activity: Activity, settled: Ruleset, rules: Ruleset) -> Evaluated:
    """The activity under `rules` with every model run anew that the difference reaches."""
    con = activity.con
    run = activity.database("run")
    reached = sets.affected(settled, rules)
    count = 0
    activity.show_rules(rules, run)
    with activity.inside(run):
        con.execute("create schema landing")
        for name in LANDING:
            con.execute(f"create view landing.{name} as select * from wh.landing.{name}")
        wanted = sets.needed(TARGETS)
        for model in wanted:
            if model.name in reached:
                activity.tell(model.name)
                execute(con, model.statement, model)
                count += 1
            else:
                con.execute(f"create view {model.name} as select * from wh.{model.name}")
    activity.make(run, "unit_cell")
    database = _result(activity, rules)
    con.execute(f"create table {database}.unit_cell_all as select * from {run}.unit_cell")
    _finish(activity, database)
    return Evaluated(rules, database, run, models_run=count)
