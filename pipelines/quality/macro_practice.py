"""Practice: shares that trusts and departments report, against peers and against the months before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np

from pipelines.engine import workspace
from pipelines.quality.statistics import LEAST_PEERS, Q, apart, arcsine, centred, false_discovery, peers, two_sided


@dataclass(frozen=True)
class Measure:
    """A share of `department_week`: `part` of `whole`; a difference below `change` is no finding, however certain.
    `by_peers`: a trust is compared with others too, not with itself alone; `by_group`: as far as its groups explain it,
    since `part` has what they give in the country in a column of its own."""

    id: str
    part: str
    whole: str
    change: float
    by_peers: bool = True
    by_group: bool = False

    @property
    def usual(self) -> str:
        return f"usual_{self.part}"


MEASURES = (
    Measure("without_personnel", "without_personnel", "contacts", 0.02),
    Measure("unknown_municipality", "unknown_municipality", "episodes", 0.01),
    Measure("debitor_not_isf", "debitor_not_isf", "episodes", 0.02),
    Measure("ungrouped", "ungrouped", "episodes", 0.01),
    Measure("ambulatory", "ambulatory", "contacts", 0.03, by_group=True),
    Measure("planned", "planned", "episodes", 0.05, by_group=True),
    Measure("without_duration", "without_duration", "contacts", 0.05),
    Measure("at_midnight", "at_midnight", "contacts", 0.02),
    Measure("on_the_hour", "on_the_hour", "contacts", 0.10),
    Measure("same_day_stays", "same_day_stays", "stays", 0.05, by_group=True),
    Measure("with_secondary", "with_secondary", "episodes", 0.05, by_group=True),
    Measure("with_two_secondary", "with_two_secondary", "episodes", 0.05, by_group=True),
    Measure("with_procedure", "with_procedure", "episodes", 0.05, by_group=True),
    # What a trust has most of is what it is.
    Measure("most_used_municipality", "most_used_municipality", "episodes", 0.10, by_peers=False),
    Measure("most_used_main_condition", "most_used_main_condition", "episodes", 0.10, by_peers=False),
    Measure("most_used_time", "most_used_time", "episodes", 0.05),
    # Against others the stays tell it, in `share_complicated`.
    Measure("complicated", "complicated", "paired_stays", 0.04, by_peers=False),
    # How often patients come back is what a trust does.
    Measure("seen_before", "seen_before", "looked_back", 0.08, by_peers=False),
)
CASES = "cases per row"
COUNTS = sorted(
    {measure.part for measure in MEASURES}
    | {measure.usual for measure in MEASURES if measure.by_group}
    | {measure.whole for measure in MEASURES}
    | {"priced_stays", "priced_points", "expected_points", "points_variance"}
)
POINTS, POINTS_CHANGE = "points_for_condition", 0.03


def changes(con: duckdb.DuckDBPyConnection, kinds: dict[str, str], split: date) -> list[tuple]:
    """Shares of trusts against their peers, and of trusts and departments against their months before `split`."""
    tests: dict[str, list[tuple]] = {"practice_apart": [], "practice_shift": []}
    for level in ("hf", "department"):
        summed = _summed(con, level, split)
        for sector in sorted({key[0] for key in summed}):
            units = {key: value for key, value in summed.items() if key[0] == sector}
            for measure in MEASURES:
                if level == "hf" and measure.by_peers:
                    tests["practice_apart"] += _apart(units, measure, kinds)
                tests["practice_shift"] += _shift(units, measure, level)
            if level == "hf":
                tests["practice_apart"] += _points(units)
    found = []
    for check, rows in tests.items():
        for row, q in zip(rows, false_discovery(row[-1] for row in rows), strict=True):
            measure, level, (sector, hf, unit), part, whole, measured, expected, z, change, _ = row
            if q < Q and abs(measured - expected) >= change:
                since = _since(con, measure, sector, hf, unit) if check == "practice_shift" else None
                found.append(
                    (
                        check, measure, level, hf, None, unit or None, sector, round(part, 3), round(whole, 3),
                        round(measured, 6), round(expected, 6), round(float(np.clip(z, -9999, 9999)), 2),
                        round(float(q), 6), since,
                    )
                )  # fmt: skip
    return found


def _summed(con: duckdb.DuckDBPyConnection, level: str, split: date) -> dict[tuple, tuple[dict, dict]]:
    """The counts of each unit before and from `split`."""
    # An episode without a unit belongs to its trust alone.
    unit, known = ("unit_id", "where unit_id is not null") if level == "department" else ("''", "")
    sums = ", ".join(f"cast(sum({name}) as double) as {name}" for name in COUNTS)
    rows = workspace.rows(
        con,
        f"""with person as (
            select sector, hf_orgnr, {unit} as unit, sum(patients) as patients
            from (select sector, hf_orgnr, unit_id, max(patients) as patients from department_week {known} group by all)
            group by all
        ), half as (
            select sector, hf_orgnr, {unit} as unit, week < ? as is_before, {sums} from department_week {known}
            group by all
        )
        select half.*, cast(person.patients as double) as patients from half
        inner join person using (sector, hf_orgnr, unit) order by sector, hf_orgnr, unit""",
        [split],
    )
    found: dict[tuple, tuple[dict, dict]] = {}
    patients: dict[tuple, float] = {}
    for row in rows:
        key = (row["sector"], row["hf_orgnr"], row["unit"])
        halves = found.setdefault(key, (dict.fromkeys(COUNTS, 0.0), dict.fromkeys(COUNTS, 0.0)))
        halves[0 if row["is_before"] else 1].update({name: row[name] for name in COUNTS})
        patients[key] = row["patients"]
    for key, halves in found.items():
        episodes = sum(half["episodes"] for half in halves)
        for half in halves:
            # Contacts of one patient are alike: as many cases as there are patients.
            half[CASES] = min(1.0, patients[key] / episodes) if episodes else 1.0
    return found


def _apart(units: dict[tuple, tuple[dict, dict]], measure: Measure, kinds: dict[str, str]) -> list[tuple]:
    """Each trust against its peers: trusts of the same kind where there are five, else all."""
    rows = []
    present = sorted(key for key, (a, b) in units.items() if a[measure.whole] + b[measure.whole] > 0)
    for keys, own in peers(present, [kinds.get(key[1], "") for key in present]):
        k = np.array([units[key][0][measure.part] + units[key][1][measure.part] for key in keys])
        n = np.array([units[key][0][measure.whole] + units[key][1][measure.whole] for key in keys])
        cases = np.array([units[key][0][CASES] for key in keys])
        y, usual = arcsine(cases * k, cases * n), np.full(len(keys), float(np.median(k / n)))
        if measure.by_group:
            usual = np.array([units[key][0][measure.usual] + units[key][1][measure.usual] for key in keys]) / n
            y = y - arcsine(cases * n * usual, cases * n)
        z = apart(y, 1 / (2 * np.sqrt(cases * n)))
        p = two_sided(z)
        rows += [
            (measure.id, "hf", key, k[i], n[i], k[i] / n[i], usual[i], z[i], 2 * measure.change, p[i])
            for i, key in enumerate(keys)
            if own[i]
        ]
    return rows


def _shift(units: dict[tuple, tuple[dict, dict]], measure: Measure, level: str) -> list[tuple]:
    """Each unit's new months against its old ones, less what all units of the sector have changed."""
    keys = sorted(key for key, (a, b) in units.items() if min(a[measure.whole], b[measure.whole]) * a[CASES] >= 5)
    if len(keys) < LEAST_PEERS:
        return []
    k1, n1, k2, n2 = (
        np.array([units[key][half][name] for key in keys])
        for half, name in ((0, measure.part), (0, measure.whole), (1, measure.part), (1, measure.whole))
    )
    cases = np.array([units[key][0][CASES] for key in keys])
    y = arcsine(cases * k2, cases * n2) - arcsine(cases * k1, cases * n1)
    # Departments are many, and some change: the middle of them is known, and they do not widen each other's limits.
    z = (centred if level == "department" else apart)(y, np.sqrt(1 / (4 * cases * n1) + 1 / (4 * cases * n2)))
    p = two_sided(z)
    return [
        (measure.id, level, key, k2[i], n2[i], k2[i] / n2[i], k1[i] / n1[i], z[i], measure.change, p[i])
        for i, key in enumerate(keys)
    ]


def _points(units: dict[tuple, tuple[dict, dict]]) -> list[tuple]:
    """Points of department stays against what their main conditions give in the country."""
    whole = {
        key: {
            name: a[name] + b[name] for name in ("priced_points", "expected_points", "points_variance", "priced_stays")
        }
        for key, (a, b) in units.items()
    }
    keys = sorted(key for key, sums in whole.items() if sums["expected_points"] > 0 and sums["points_variance"] > 0)
    if len(keys) < LEAST_PEERS:
        return []
    points, usual, variance = (
        np.array([whole[key][name] for key in keys]) for name in ("priced_points", "expected_points", "points_variance")
    )
    z = apart(points / usual, np.sqrt(variance) / usual)
    p = two_sided(z)
    return [
        (POINTS, "hf", key, points[i], usual[i], points[i] / usual[i], 1.0, z[i], POINTS_CHANGE, p[i])
        for i, key in enumerate(keys)
    ]


def _since(con: duckdb.DuckDBPyConnection, measure: str, sector: str, hf: str, unit: str) -> date | None:
    """The week in which the share changed: where cutting the series in two explains it best (likelihood)."""
    of = {one.id: one for one in MEASURES}[measure]
    series = con.execute(
        f"""select week, cast(sum({of.part}) as double), cast(sum({of.whole}) as double) from department_week
        where sector = ? and hf_orgnr = ? and (? = '' or coalesce(unit_id, '') = ?) group by week order by week""",
        [sector, hf, unit, unit],
    ).fetchall()
    if len(series) < 4:
        return None
    days = [row[0] for row in series]
    k, n = (np.array([row[place] for row in series]) for place in (1, 2))

    def likelihood(part: float, whole: float) -> float:
        share = min(max(part / whole, 1e-9), 1 - 1e-9) if whole else 0.5
        return part * np.log(share) + (whole - part) * np.log(1 - share)

    scores = [
        likelihood(k[:cut].sum(), n[:cut].sum()) + likelihood(k[cut:].sum(), n[cut:].sum())
        for cut in range(2, len(days) - 1)
    ]
    return days[2 + int(np.argmax(scores))]
