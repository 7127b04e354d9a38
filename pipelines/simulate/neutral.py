"""The weight at which a change costs nothing: `isf simulate --neutral SOM:BT01`.

A weight is tried, what the change then costs is divided by the units of the group, and the weight that this gives is
tried in its turn, until it stands: a pathway is formed only with a weight above 0, and an order of services may follow
their weights. So every value is one that has been evaluated, for the country and for each region.
"""

import dataclasses
import functools
import hashlib
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from pipelines.engine import workspace
from pipelines.engine.models import run
from pipelines.engine.workspace import literal
from pipelines.errors import InputRefused
from pipelines.publication.result import ordered
from pipelines.publication.tables import read as read_rows
from pipelines.rules.load import Ruleset
from pipelines.rules.read import nearest
from pipelines.rules.shape import SECTORS
from pipelines.simulate import sets
from pipelines.simulate.activity import Activity
from pipelines.simulate.compare import Comparison, table_model
from pipelines.simulate.evaluate import Evaluations

STAGE = "simulation_neutral"
TABLE = "noytral"
TABLES = {"stay": ("drg", "drg"), "service": ("stg", "stg"), "pathway": ("tfg", "tfg")}
ASKED = (
    "sector varchar, unit_type varchar, group_code varchar, change_id varchar, title varchar,"
    " weight decimal(18, 3), own_weight decimal(18, 3)"
)
MOST_TRIALS = 8


class Group(NamedTuple):
    """A group of a rule set. `unit_type`: stay, service or pathway."""

    sector: str
    unit_type: str
    code: str


def read(asked: Iterable[str], alternatives: Iterable[Ruleset]) -> list[Group]:
    """`SOM:BT01` as groups of the alternatives. Raises InputRefused with every fault."""
    alternatives = list(alternatives)
    faults, found = [], []
    for text in asked:
        sector, _, code = text.strip().upper().partition(":")
        known = {
            row[column]: Group(sector, unit_type, row[column])
            for rules in alternatives
            for unit_type, (table, column) in TABLES.items()
            for row in rules.tables[table]
            if row["sector"] == sector
        }
        if sector not in SECTORS or not code:
            faults.append(f"--neutral {text}: give SECTOR:GROUP, the group a DRG, STG or TFG, e.g. SOM:BT01.")
        elif code not in known:
            near = ", ".join(nearest(code, known))
            faults.append(f"--neutral {text}: no alternative has that group in {sector}; the nearest are {near}.")
        elif known[code] not in found:
            found.append(known[code])
    if faults:
        raise InputRefused("The choice of groups", faults)
    return found


def weight_of(rules: Ruleset, group: Group) -> Decimal | None:
    """The base points of the group in the set; None if it lacks it."""
    table, column = TABLES[group.unit_type]
    found = [r["base_points"] for r in rules.tables[table] if (r["sector"], r[column]) == (group.sector, group.code)]
    return found[0] if found else None


def with_weight(rules: Ruleset, group: Group, weight: Decimal) -> Ruleset:
    """The set with other base points of one group, and an identity of its own."""
    table, column = TABLES[group.unit_type]
    rows = [
        row | {"base_points": weight} if (row["sector"], row[column]) == (group.sector, group.code) else row
        for row in rules.tables[table]
    ]
    digest = hashlib.sha256(f"{rules.sha256} {group} {weight}".encode()).hexdigest()
    identity = [row | {"sha256": digest} for row in rules.tables["ruleset"]]
    tables = rules.tables | {table: rows, "ruleset": identity}
    return dataclasses.replace(rules, sha256=digest, tables=tables)


def concerns(rules: Ruleset, change: str, group: Group) -> bool:
    """Whether the change adds, removes or alters a row in which the group stands."""
    less = rules.without({change})
    return any(
        group.code in dict(row).values()
        for table in sets.BY_CODE
        for row in sets.content(rules, table) ^ sets.content(less, table)
    )


def add(activity: Activity, evaluations: Evaluations, comparison: Comparison, groups: list[Group]) -> None:
    """Make `noytral` of the comparison: for the whole alternative, and for each of its changes that concern a group."""
    con, alternative = activity.con, comparison.alternative
    nothing = _tried(activity, evaluations, comparison, [], comparison.baseline, comparison.baseline)
    parts = [f"select * from {nothing}.{TABLE}"]
    for group in groups:
        if weight_of(alternative, group) is None:
            continue
        scopes = [(None, "Hele alternativet", comparison.baseline)] + [
            (row["change"], row["title"], alternative.without({row["change"]}))
            for row in alternative.tables["change"]
            if row["enabled"] and concerns(alternative, row["change"], group)
        ]
        for change, title, baseline in scopes:
            activity.tell(f"{alternative.id}: neutral {group.code} {change or ''}".rstrip())
            parts += _solved(activity, evaluations, comparison, baseline, group, change, title)
    pair = comparison.database
    con.execute(f"create table {pair}.{TABLE} as {' union all '.join(parts)}")
    comparison.tables[TABLE] = read_rows(con, ordered(table_model(TABLE), f"{pair}.{TABLE}"))


def _solved(
    activity: Activity, evaluations: Evaluations, comparison: Comparison, baseline: Ruleset, group: Group, change, title
) -> list[str]:
    """Per unit a query for its row of `noytral`, from the trial in which the change costs least."""
    own = weight_of(comparison.alternative, group)
    trials: dict[Decimal, str] = {}

    def tried(weight: Decimal) -> dict[tuple, tuple[Decimal | None, Decimal | None]]:
        if weight not in trials:
            asked = [(*group, change, title, weight, own)]
            rules = with_weight(comparison.alternative, group, weight)
            trials[weight] = _tried(activity, evaluations, comparison, asked, baseline, rules)
        rows = activity.con.execute(f"select nivaa, orgnr, vekt_noytral, rest from {trials[weight]}.{TABLE}").fetchall()
        return {row[:2]: row[2:] for row in rows}

    def outcome(unit: tuple, weight: Decimal) -> tuple[Decimal | None, Decimal | None]:
        return tried(weight)[unit]

    queries, start = [], own or Decimal(1)
    for unit in sorted(tried(start), key=lambda unit: (unit[0] != "land", unit)):
        found = least(functools.partial(outcome, unit), start)
        where = f"nivaa = {literal(unit[0])} and orgnr is not distinct from {literal(unit[1]) if unit[1] else 'null'}"
        queries.append(f"select * from {trials[found]}.{TABLE} where {where}")
        start = found if unit[0] == "land" else start
    return queries


def least(cost: Callable[[Decimal], tuple[Decimal | None, Decimal | None]], start: Decimal) -> Decimal:
    """The weight of three decimals, of those that were tried, at which the change costs least.

    `cost(weight)`: the weight to try next if the units count as they do now, and what the change costs; None where no
    unit is paid by the weight. After two
    trials the next weight is on the line through both, since a weight may count more or less often than its units.
    """
    tried: dict[Decimal, Decimal] = {}
    weight, before = start, None
    for _ in range(MOST_TRIALS):
        following, points = cost(weight)
        tried[weight] = Decimal("Infinity") if points is None else abs(points)
        if following is None or points is None:
            break
        if before and points != before[1]:
            following = weight - points * (weight - before[0]) / (points - before[1])
        before = (weight, points)
        weight = following.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
        if weight < 0 or weight in tried:
            break
    return min(tried, key=lambda weight: (tried[weight], weight))


def _tried(
    activity: Activity, evaluations: Evaluations, comparison: Comparison, asked: list, baseline: Ruleset, tried: Ruleset
) -> str:
    """A database with `noytral` as it follows from one weight."""
    con, database = activity.con, activity.database("neutral")
    evaluations.expect([baseline, tried])
    with workspace.inside(con, database):
        workspace.fill(con, "asked", ASKED, asked)
    reading = {
        "baseline_cell": f"{evaluations.of(baseline).database}.main.cell",
        "alternative_cell": f"{evaluations.of(tried).database}.main.cell",
        "provider": f"{comparison.database}.main.provider",
    }
    run(STAGE, con, into=database, reading=reading)
    return database
