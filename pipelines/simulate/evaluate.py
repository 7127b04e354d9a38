"""The points of an activity under a rule set, as cells: sector, kind of unit, trust, region, group, state, rule.

Quick: the cube with the other set's points, less the touched patients, whose rows are settled anew by the same SQL.
Full: the models that the difference reaches are run again for all; the others are views on the warehouse. Both end in
the same table `cell`, whose sum is the ledger's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.engine import workspace
from pipelines.engine.models import WAY, needed, run
from pipelines.errors import IsfError
from pipelines.rules import load as rulesets
from pipelines.rules.load import Ruleset
from pipelines.simulate import sets
from pipelines.simulate.activity import CUBE, UNITS, Activity
from pipelines.simulate.grouping import SETTLED, Grouping

TARGETS = (
    "stay", "stay_episode", "stay_points", "service", "service_points", "pathway", "pathway_points", "pathway_member",
)  # fmt: skip
# What cells and migration need of a settled unit.
UNIT_KEYS = "patient_id, sector, hf_orgnr, residence_rhf_orgnr, municipality_number, base_points"
UNIT_COLUMNS = {
    "stay": f"stay_nr, {UNIT_KEYS}, drg, is_phv_inpatient",
    "service": f"service_id, {UNIT_KEYS}, stg, status",
    "pathway": f"pathway_id, {UNIT_KEYS}, tfg",
}
# The landing tables that hold rows of patients: by the patient's id, and by the episode.
BY_PATIENT = ("episode", "hresept")
BY_EPISODE = ("tilstand", "prosedyre", "helseperson", "takst")
REGROUPED = ("regrouped.episode_drg", "regrouped.stay_drg")
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


def find_touched(
    activity: Activity, settled: Ruleset, rules: Ruleset, grouping: Grouping | None = None
) -> tuple[str, dict[str, int], list[str]]:
    """Table of the patients whom the difference touches (cause, patient_id), their number per cause, and the
    reasons why all must be settled anew. With a reason the table may be empty. Raises IsfError where stays that are
    grouped anew may be other stays under the rules."""
    con = activity.con
    own = activity.database("touched")
    touched = f"{own}.touched"
    con.execute(f"create table {touched} (cause varchar, patient_id varchar)")
    reasons = sets.reasons_for_all(settled, rules)
    if reasons and grouping and grouping.of_stays:
        raise IsfError(
            f"{rules.id} may form other stays than the settlement ({'; '.join(reasons)}), and those are what"
            " --alternative-grouping groups. Simulate the rules without it, or settle with --drg-source grouped:ID."
        )
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
    if grouping:
        con.execute(f"insert into {touched} select 'grouping', patient_id from {grouping.patients}")
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
    ref = {"ref": activity.rules(rules)}
    run("simulation_deduction", con, into=database, reading={"unit_cell_all": unit_cells, **ref})
    rebuilt = f"{database}.main.rehabilitation_stay"
    reading = {"stay": rebuilt, "stay_points": rebuilt, **ref}
    run(WAY, con, into=database, reading=reading, only=["regional_deduction"])
    run("simulation", con, into=database, reading=ref)
    (lost,) = workspace.only_row(con, f"select count(*) from {database}.cell where points is null")
    if lost:
        raise IsfError(f"{lost} cells have no points: a group of the activity is in neither rule set.")
    return database


@dataclass
class Touched:
    """The patients whom any of the sets of a scenario touches, taken out once for all of them. `patients`: the relation
    with their ids; `landing`: where their rows of the landing tables are, as `reading` of the engine; `before`: a
    database with their settled stays, services and pathways, and their cells (`unit_cell`)."""

    patients: str
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
    reading = {"ref": "wh.ref", **{name: f"wh.main.{name}" for name in elsewhere}}
    run(UNITS, con, into=before, reading=reading)
    run(CUBE, con, into=before, only=["unit_cell"])
    return Touched(
        touched, {f"landing.{name}": f"{landing}.main.{name}" for name in (*BY_PATIENT, *BY_EPISODE)}, before
    )


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


def evaluate_quick(activity: Activity, rules: Ruleset, touched: Touched, grouping: Grouping | None = None) -> Evaluated:
    """The activity under `rules`, where only the touched patients are settled anew."""
    con = activity.con
    anew = rerun(activity, rules, touched.landing, grouping)
    reading = {"touched_cell": f"{touched.before}.main.unit_cell", "other": activity.rules(rules)}
    run("simulation_quick", con, into="look", reading=reading)
    run(UNITS, con, into=anew, reading={"ref": activity.rules(rules)})
    run(CUBE, con, into=anew, only=["unit_cell"])
    con.execute(
        f"create table {anew}.main.unit_cell_all as"
        f" select * from look.unit_cell_shifted union all select * from {anew}.main.unit_cell"
    )
    return Evaluated(rules, _cells(activity, rules, f"{anew}.main.unit_cell_all"), anew)


def evaluate_shifted(activity: Activity, rules: Ruleset) -> Evaluated:
    """The activity under `rules` that touch no patient: the cube with their points."""
    reading = {"unit_cell_rest": "cube.main.unit_cell", "other": activity.rules(rules), "ref": "wh.ref"}
    database = activity.database("shifted")
    run("simulation_quick", activity.con, into=database, reading=reading)
    return Evaluated(rules, _cells(activity, rules, f"{database}.main.unit_cell_shifted"))


def rerun(activity: Activity, rules: Ruleset, landing: dict[str, str], grouping: Grouping | None = None) -> str:
    """The settlement under `rules` of the activity with the landing tables in `landing`; the database made."""
    database = activity.database("run")
    regrouped = grouping.schema if grouping else SETTLED
    reading = {"ref": activity.rules(rules), "landing": "wh.landing", "regrouped": regrouped, **landing}
    run(WAY, activity.con, into=database, reading=reading, only=[model.name for model in needed(TARGETS)])
    return database


def evaluate_full(activity: Activity, settled: Ruleset, rules: Ruleset, grouping: Grouping | None = None) -> Evaluated:
    """The activity under `rules` with every model run anew that the difference reaches."""
    con, database = activity.con, activity.database("run")
    reached = sets.affected(settled, rules, REGROUPED if grouping else ())
    wanted = [model.name for model in needed(TARGETS)]
    reading = {name: f"wh.main.{name}" for name in wanted if name not in reached}
    regrouped = grouping.schema if grouping else SETTLED
    reading |= {"ref": activity.rules(rules), "landing": "wh.landing", "regrouped": regrouped}
    made = run(WAY, con, into=database, reading=reading, only=wanted, progress=lambda name, *_: activity.tell(name))
    run(UNITS, con, into=database, reading={"ref": activity.rules(rules)})
    run(CUBE, con, into=database, only=["unit_cell"])
    cells = _cells(activity, rules, f"{database}.main.unit_cell")
    return Evaluated(rules, cells, database, models_run=len(made))


def weights_of(activity: Activity, rules: Ruleset) -> Evaluated:
    """The weights of `rules` and no units: enough for the measure `base`, whose units are the settled ones."""
    con, database = activity.con, activity.database("weights")
    run("simulation", con, into=database, reading={"ref": activity.rules(rules)}, only=["group_weight"])
    con.execute(
        f"create view {database}.cell as"
        " select * exclude (zeroing_rule, member_rule), 'paid' as state, 'base' as part from cube.unit_cell limit 0"
    )
    return Evaluated(rules, database)


@dataclass
class Evaluations:
    """What the rule sets of a scenario give on the activity, each evaluated once.

    Say first which sets there will be (`expect`): the patients whom any of them touches are taken out together.
    `groupings`: sets under which the activity is grouped otherwise, by their sha256.
    """

    activity: Activity
    settled: Ruleset
    found: dict[str, tuple[str, dict[str, int], list[str]]] = field(default_factory=dict)
    taken: Touched | None = None
    everybody: str | None = None
    made: dict[tuple[str, bool], Evaluated] = field(default_factory=dict)
    groupings: dict[str, Grouping] = field(default_factory=dict)

    def expect(self, sets_of_rules: Iterable[Ruleset]) -> None:
        """Find whom these sets touch, and take them out; sets that come later need a new call before `of`."""
        new = {r.sha256: r for r in sets_of_rules if r.sha256 not in self.found and r.sha256 != self.settled.sha256}
        if not new and self.taken:
            return
        for key, rules in new.items():
            self.found[key] = find_touched(self.activity, self.settled, rules, self.groupings.get(key))
        if self.taken and not any(self._not_taken(key) for key in new):
            return
        tables = [f"select patient_id from {table}" for table, _, reasons in self.found.values() if not reasons]
        union = " union ".join(tables) or "select cast(null as varchar) as patient_id where false"
        both = f"{self.activity.database('touched')}.touched"
        self.activity.con.execute(f"create table {both} as {union}")
        self.taken = take_out(self.activity, both)
        self.made = {key: made for key, made in self.made.items() if key[1]}

    def _not_taken(self, key: str) -> int:
        """How many of the patients whom a set touches are not taken out yet."""
        table, _, reasons = self.found[key]
        query = f"select count(*) from {table} where patient_id not in (select patient_id from {self.touched.patients})"
        return 0 if reasons else workspace.only_row(self.activity.con, query)[0]

    @property
    def touched(self) -> Touched:
        """The patients taken out. Raises ValueError before `expect`."""
        if self.taken is None:
            raise ValueError("say first which sets there will be: expect()")
        return self.taken

    def reasons(self, rules: Ruleset) -> list[str]:
        """Why all patients must be settled anew under `rules`; empty where the touched ones are enough."""
        return self.found[rules.sha256][2] if rules.sha256 in self.found else []

    def account(self, sets_of_rules: Iterable[Ruleset]) -> tuple[dict[str, int], int | None, list[str]]:
        """What must be settled anew for these sets together: patients per cause, their number (None: all), and why
        all."""
        chosen = [self.found[rules.sha256] for rules in sets_of_rules if rules.sha256 in self.found]
        reasons = list(dict.fromkeys(reason for _, _, given in chosen for reason in given))
        if reasons:
            return {}, None, reasons
        causes: dict[str, int] = {}
        for _, of_set, _ in chosen:
            causes |= of_set
        union = " union ".join(f"select patient_id from {table}" for table, _, _ in chosen)
        query = f"select count(*) from ({union})"
        return causes, workspace.only_row(self.activity.con, query)[0] if chosen else 0, []

    def of(self, rules: Ruleset, *, everybody: bool = False) -> Evaluated:
        """The activity under `rules`. `everybody`: with the units of all patients to follow, not of the touched."""
        everybody = everybody or bool(self.reasons(rules))
        key = (rules.sha256, everybody)
        if key not in self.made:
            self.made[key] = self._evaluate(rules, everybody)
        return self.made[key]

    def patients(self, rules: Ruleset, *, everybody: bool = False) -> str:
        """The relation with what each unit of each patient is paid by every rule under `rules`: rows as
        `sql/simulation_unit/patient_unit.sql`."""
        everybody = everybody or bool(self.reasons(rules))
        settled = "look.main.patient_unit"
        if rules.sha256 == self.settled.sha256:
            return settled
        if everybody:
            return f"{self.of(rules, everybody=True).run}.main.patient_unit"
        con, database = self.activity.con, self.activity.database("patients")
        anew = self.of(rules).run if self.found[rules.sha256][1] else None
        untouched = f"where patient_id not in (select patient_id from {self.touched.patients})" if anew else ""
        con.execute(f"create view {database}.main.rest as select * from {settled} {untouched}")
        reading = {"unit_cell_rest": f"{database}.main.rest", "other": self.activity.rules(rules), "ref": "wh.ref"}
        run("simulation_quick", con, into=database, reading=reading, only=["unit_cell_shifted"])
        touched = f" union all select * from {anew}.main.patient_unit" if anew else ""
        con.execute(
            f"create view {database}.main.patient_unit as select * from {database}.main.unit_cell_shifted{touched}"
        )
        return f"{database}.main.patient_unit"

    def _evaluate(self, rules: Ruleset, everybody: bool) -> Evaluated:
        if rules.sha256 != self.settled.sha256:
            grouping = self.groupings.get(rules.sha256)
            if everybody:
                return evaluate_full(self.activity, self.settled, rules, grouping)
            if self.found[rules.sha256][1]:
                return evaluate_quick(self.activity, rules, self.touched, grouping)
            # Nobody is touched: the units are the settled ones, and only their points differ.
            result = evaluate_shifted(self.activity, rules)
            result.run = self.touched.before
            return result
        result = evaluate_settled(self.activity, rules)
        if everybody and self.everybody is None:
            self.everybody = settled_units(self.activity, None)
        result.run = self.everybody if everybody else self.touched.before
        return result
