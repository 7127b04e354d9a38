"""The points of an activity under a rule set, as cells: sector, kind of unit, trust, region, group, state, rule.

Quick: the cube with the other set's points, less the touched patients, whose rows are settled anew by the same SQL.
Full: the models that the difference reaches are run again for all; the others are views on the warehouse. Both end in
the same table `cell`, whose sum is the ledger's.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.engine import workspace
from pipelines.engine.models import WAY, needed, run
from pipelines.errors import IsfError
from pipelines.rules import load as rulesets
from pipelines.rules.load import Ruleset
from pipelines.simulate import sets
from pipelines.simulate.activity import CUBE, Activity

TARGETS = (
    "stay", "stay_episode", "stay_points", "service", "service_points", "pathway", "pathway_points", "pathway_member",
)  # fmt: skip
# What cells and migration need of a settled unit.
UNIT_COLUMNS = {
    "stay": "stay_nr, patient_id, sector, hf_orgnr, residence_rhf_orgnr, drg, base_points, is_phv_inpatient",
    "service": "service_id, patient_id, sector, hf_orgnr, residence_rhf_orgnr, stg, base_points, status",
    "pathway": "pathway_id, patient_id, sector, hf_orgnr, residence_rhf_orgnr, tfg, base_points",
}
# The landing tables that hold rows of patients: by the patient's id, and by the episode.
BY_PATIENT = ("episode", "hresept")
BY_EPISODE = ("tilstand", "prosedyre", "helseperson", "takst")
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
    return Evaluated(rules, _cells(activity, rules, "cube.main.unit_cell"))


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
    run(WAY, con, into=own, reading={"ref": activity.rules(rules)}, only=["stg_period"])
    run(
        "simulation_touched",
        con,
        into="look",
        reading={"other": activity.rules(rules), "other_stg_period": f"{own}.main.stg_period"},
    )
    con.execute(f"insert into {touched} select distinct cause, patient_id from look.touched_patient")
    causes = dict(
        con.execute(f"select cause, count(distinct patient_id) from {touched} group by all order by all").fetchall()
    )
    found, of = workspace.only_row(
        con, f"select (select count(distinct patient_id) from {touched}), patients from look.activity_size"
    )
    if found > MOST_TOUCHED * of and of > FEW_PATIENTS:
        reasons = [f"{100 * found // of} % of the patients are touched"]
    return touched, causes, reasons


def _cells(activity: Activity, rules: Ruleset, unit_cells: str) -> str:
    """From the units' cells to all: the regional deduction by its own model, then `cell` and `group_weight`, in a
    database of its own. `unit_cells`: the relation with the former."""
    con, database = activity.con, activity.database("result")
    reading = {"unit_cell_all": unit_cells, "ref": activity.rules(rules)}
    run("simulation_deduction", con, into=database, reading=reading)
    rebuilt = f"{database}.main.rehabilitation_stay"
    run(WAY, con, into=database, reading={"stay": rebuilt, "stay_points": rebuilt}, only=["regional_deduction"])
    run("simulation", con, into=database)
    (lost,) = workspace.only_row(con, f"select count(*) from {database}.cell where points is null")
    if lost:
        raise IsfError(f"{lost} cells have no points: a group of the activity is in neither rule set.")
    return database


@dataclass
class Touched:
    """The patients whom any of the sets of a scenario touches, taken out once for all of them. `landing`: where their
    rows of the landing tables are, as `reading` of the engine; `before`: a database with their settled stays, services
    and pathways, and their cells (`unit_cell`)."""

    landing: dict[str, str]
    before: str


def take_out(activity: Activity, touched: str) -> Touched:
    """Take the patients of table `touched` (patient_id) out of the cube."""
    con = activity.con
    landing = activity.database("landing")
    with workspace.inside(con, landing):
        for name in BY_PATIENT:
            chosen = f"pasientID in (select patient_id from {touched})"
            con.execute(f"create table {name} as select * from wh.landing.{name} where {chosen}")
        for name in BY_EPISODE:
            chosen = "episode_nr in (select episode_nr from episode)"
            con.execute(f"create table {name} as select * from wh.landing.{name} where {chosen}")
    before = settled_units(activity, touched)
    elsewhere = ("stay_rule", "zeroing_rule", "service_points", "pathway_points", "pathway_member")
    run(CUBE, con, into=before, reading={name: f"wh.main.{name}" for name in elsewhere}, only=["unit_cell"])
    return Touched({f"landing.{name}": f"{landing}.main.{name}" for name in (*BY_PATIENT, *BY_EPISODE)}, before)


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


def nobody(activity: Activity) -> str:
    """A database with the same tables of no patient."""
    empty = activity.database("nobody")
    activity.con.execute(f"create table {empty}.main.nobody (patient_id varchar)")
    return settled_units(activity, f"{empty}.main.nobody")


def evaluate_quick(activity: Activity, rules: Ruleset, touched: Touched) -> Evaluated:
    """The activity under `rules`, where only the touched patients are settled anew."""
    con = activity.con
    anew = rerun(activity, rules, touched.landing)
    reading = {"touched_cell": f"{touched.before}.main.unit_cell", "other": activity.rules(rules)}
    run("simulation_quick", con, into="look", reading=reading)
    run(CUBE, con, into=anew, only=["unit_cell"])
    con.execute(
        f"create table {anew}.main.unit_cell_all as"
        f" select * from look.unit_cell_shifted union all select * from {anew}.main.unit_cell"
    )
    return Evaluated(rules, _cells(activity, rules, f"{anew}.main.unit_cell_all"), anew)


def rerun(activity: Activity, rules: Ruleset, landing: dict[str, str]) -> str:
    """The settlement under `rules` of the activity with the landing tables in `landing`; the database made."""
    database = activity.database("run")
    reading = {"ref": activity.rules(rules), "landing": "wh.landing", "regrouped": "wh.regrouped", **landing}
    run(WAY, activity.con, into=database, reading=reading, only=[model.name for model in needed(TARGETS)])
    return database


def evaluate_full(activity: Activity, settled: Ruleset, rules: Ruleset) -> Evaluated:
    """The activity under `rules` with every model run anew that the difference reaches."""
    con, database = activity.con, activity.database("run")
    reached = sets.affected(settled, rules)
    wanted = [model.name for model in needed(TARGETS)]
    reading = {name: f"wh.main.{name}" for name in wanted if name not in reached}
    reading |= {"ref": activity.rules(rules), "landing": "wh.landing", "regrouped": "wh.regrouped"}
    made = run(WAY, con, into=database, reading=reading, only=wanted, progress=lambda name, *_: activity.tell(name))
    run(CUBE, con, into=database, only=["unit_cell"])
    cells = _cells(activity, rules, f"{database}.main.unit_cell")
    return Evaluated(rules, cells, database, models_run=len(made))
