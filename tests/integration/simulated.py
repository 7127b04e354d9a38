"""Settled random deliveries and perturbed rule sets for the tests of simulation."""

import contextlib
import random
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

from pipelines.engine import home as homes
from pipelines.rules import load as rulesets
from pipelines.rules.load import Ruleset
from pipelines.settlement.run import build_warehouse
from pipelines.simulate.activity import Activity
from tests.property.random_deliveries import random_delivery, write_delivery
from tests.shared import copy_of

# The tables whose every row is the sum of its parts.
EXACT = ("endring_rhf", "endring_hf", "endring_gjestestrom", "endring_hdg", "endring_gruppe")
CELLS = "sector, unit_type, hf_orgnr, residence_rhf_orgnr, group_code, rule"


def settled_home(folder: Path, seed: int, patients: int = 25, year: int = 2025, **options) -> tuple[Path, str]:
    """A home with one settled random delivery, its dates in `year`: its path and the delivery's name."""
    kind = ("settled_home", seed, patients, year, sorted(options.items()))
    home = copy_of(kind, lambda made: _settle(made, seed, patients, year, **options), folder) / "home"
    return home, next((home / "warehouse").glob("*.duckdb")).stem


def _settle(folder: Path, seed: int, patients: int, year: int, **options) -> None:
    home = folder / "home"
    homes.prepare(home)
    delivery = random_delivery(seed, patients=patients, density=5)
    if year != delivery.year:
        _move(delivery, year)
    with tempfile.TemporaryDirectory() as parent:
        written = write_delivery(delivery, Path(parent))
        build_warehouse(written, homes.warehouse(home, written.name), threads=1, **options).close()


def _move(delivery, year: int) -> None:
    before = delivery.year
    delivery.year = year
    for rows in delivery.tables.values():
        for row in rows:
            row.update({k: v.replace(f"{before}-", f"{year}-") for k, v in row.items() if isinstance(v, str)})


def variant(rules: Ruleset, name: str) -> Ruleset:
    """A copy with an identity of its own, to be changed."""
    tables = {table: [dict(row) for row in rows] for table, rows in rules.tables.items()}
    tables["ruleset"][0] |= {"ruleset": name, "sha256": name}
    return Ruleset(name, rules.activity_year, "draft", rules.id, name, tables)


def parameter(rules: Ruleset, rule: str, name: str) -> list[dict]:
    return [r for r in rules.tables["parameter"] if r["rule"] == rule and r["parameter"] == name]


def milli(value: float) -> Decimal:
    return Decimal(round(value * 1000)) / 1000


def perturbed(seed: int) -> Ruleset:
    """The rule set of 2025 with random differences of random kinds; some need no rerun, some a small, some a
    whole."""
    r = random.Random(seed)
    rules = variant(rulesets.read("2025"), f"variant-{seed}")
    for kind in r.sample(list(KINDS), r.choice([1, 1, 2, 4])):
        KINDS[kind](rules, r)
    return rules


def _base(rules, r):
    share = r.choice([0.05, 0.5, 1])
    for row in rules.tables["drg"]:
        outside = row["drg"] in ("474", "TD99L", "ZD470")
        if r.random() < share and row["base_points"] and not outside:
            row["base_points"] = milli(float(row["base_points"]) * r.uniform(0.5, 1.6))


def _cost(rules, r):
    for row in rules.tables["drg"]:
        if r.random() < 0.6:
            row["cost_weight"] = milli(r.uniform(0, 3))


def _trim(rules, r):
    for row in rules.tables["drg"]:
        if r.random() < 0.7 and row["trim_point"] is not None:
            row["trim_point"] = max(0, row["trim_point"] + r.randint(-12, 12))


def _services(rules, r):
    for row in rules.tables["stg"]:
        if r.random() < 0.7 and row["base_points"]:
            row["base_points"] = milli(r.uniform(0, 2))


def _pathways(rules, r):
    for row in rules.tables["tfg"]:
        if r.random() < 0.5:
            row["base_points"] = milli(r.choice([0, r.uniform(0, 2)]))


def _points(rules, r):
    rows = [p for p in rules.tables["parameter"] if p["parameter"] == "points"]
    for row in r.sample(rows, 4):
        row["points"] = milli(float(row["points"]) * r.uniform(0.1, 2) + 0.001)
        row["value"] = str(row["points"])


def _remove_rule(rules, r):
    gone = r.choice(["7.1", "7.2.2", "7.3", "7.4", "7.12", "7.14", "7.15", "7.17", "7.19", "8.1", "8.3", "8.4", "8.6"])
    rules.tables["parameter"] = [p for p in rules.tables["parameter"] if p["rule"] != gone]
    rules.tables["rule"] = [p for p in rules.tables["rule"] if p["rule"] != gone]


def _drop_groups(rules, r):
    used = {p["value"] for p in rules.tables["parameter"]}
    kept = ("474", "TD", "ZD")
    rows = [d for d in rules.tables["drg"] if d["drg"] not in used and not d["drg"].startswith(kept)]
    gone = {(d["sector"], d["drg"]) for d in r.sample(rows, 60)}
    rules.tables["drg"] = [d for d in rules.tables["drg"] if (d["sector"], d["drg"]) not in gone]


def _burn(rules, r):
    for row in rules.tables["burn_weight"]:
        if r.random() < 0.6:
            row["weight"] = milli(r.uniform(0, 9))


def _exceptions(rules, r):
    rows = rules.tables["drg_exception"]
    rules.tables["drg_exception"] = [row for row in rows if r.random() < 0.6]


def _medicine(rules, r):
    rows = rules.tables["stg_medicine"]
    for row in r.sample(rows, 5):
        row["stg"] = r.choice(rows)["stg"]


def _procedure(rules, r):
    rows = rules.tables["stg_procedure"]
    rules.tables["stg_procedure"] = [row for row in rows if r.random() < 0.8]


def _component(rules, r):
    rows = rules.tables["tfg_component"]
    rules.tables["tfg_component"] = [row for row in rows if r.random() < 0.8 or row["role"] == "trigger"]


def _rehabilitation(rules, r):
    for row in rules.tables["rehab_day"]:
        if row["from_day"] > 0:
            row["points_per_day"] = milli(r.uniform(0, 1))


def _outside(rules, r):
    rows = rules.tables["non_isf_main_condition"]
    rules.tables["non_isf_main_condition"] = [row for row in rows if r.random() < 0.6]


def _period(rules, r):
    for row in rules.tables["stg_period"]:
        if r.random() < 0.3:
            row["period"] = r.choice(["year", "month", "tertial"])


def _exclusive(rules, r):
    rows = rules.tables["stg_exclusive_group"]
    rules.tables["stg_exclusive_group"] = rows[: r.randint(1, len(rows))]


def _gap(rules, r):
    for row in parameter(rules, "7.18", "stay_gap_minutes"):
        row["number"], row["value"] = 1000, "1000"


def _eligible(rules, r):
    for row in rules.tables["personnel"]:
        if r.random() < 0.4:
            row["isf_eligible"] = not row["isf_eligible"]


KINDS = {f.__name__.strip("_"): f for f in (
    _base, _cost, _trim, _services, _pathways, _points, _remove_rule, _drop_groups, _burn, _exceptions,
    _medicine, _procedure, _component, _rehabilitation, _outside, _period, _exclusive, _gap, _eligible,
)}  # fmt: skip


@cache
def of_kind(kind: str, seed: int) -> Ruleset:
    """The rule set of 2025 with one kind of difference, to be read and never written."""
    rules = variant(rulesets.read("2025"), f"{kind}-{seed}")
    KINDS[kind](rules, random.Random(seed))
    return rules


@contextlib.contextmanager
def tidied(activity: Activity) -> Iterator[None]:
    """What is evaluated meanwhile is let go: the models that run later look through every database that there is."""
    before, filled = set(_databases(activity)), dict(activity.filled)
    yield
    for name in set(_databases(activity)) - before:
        activity.con.execute(f"detach {name}")
    activity.filled = filled


def _databases(activity: Activity) -> list[str]:
    query = "select database_name from duckdb_databases() where not internal"
    return [name for (name,) in activity.con.execute(query).fetchall()]


def cells(con, database: str) -> dict:
    """Non-zero cells of an evaluated set, by everything but state and part."""
    rows = con.execute(
        f"select {CELLS}, sum(points) from {database}.cell group by all having sum(points) <> 0"
    ).fetchall()
    return {row[:-1]: row[-1] for row in rows}


def ledger(con, schema: str = "wh") -> dict:
    """The same from a ledger; rows of PHV/TSB inpatient stays sum to 0 and are left out of cells."""
    rows = con.execute(
        f"""
        select {CELLS}, sum(points) from (
            select ledger.* from {schema}.ledger as ledger
            where (unit_type, unit_id) not in
                (select ('stay', stay_id) from {schema}.stay where is_phv_inpatient)
        ) group by all having sum(points) <> 0
        """
    ).fetchall()
    return {row[:-1]: row[-1] for row in rows}
