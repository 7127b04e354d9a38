"""Macro checks: SQL has counted, this judges. Volumes per week, shares against peers and against the months before.

Limits follow the number of cases (exact for small counts), peers are as dispersed as they are (Spiegelhalter 2005,
additive over-dispersion), and of all cells together at most one finding in a hundred is expected to be chance
(Benjamini–Hochberg). Nothing here reads a row of a patient: only counts per trust, institution, department and week.

Rows of `macro_finding`: check_id, measure, level (hf, institution, department), hf_orgnr, institution_id, unit_id,
sector, numerator, denominator, measured, expected, z, q, since (date of the Monday, or null).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np

from pipelines.engine import workspace

Q = 0.01  # expected share of findings that are chance
LEAST_PEERS = 5
_WINSORISED = 0.679  # mean square of a normal z that is cut at its tenths
_MAD = 1.4826  # of a normal distribution: standard deviation / median absolute deviation
COLUMNS = (
    "check_id varchar, measure varchar, level varchar, hf_orgnr varchar, institution_id varchar, unit_id varchar,"
    " sector varchar, numerator decimal(24, 3), denominator decimal(24, 3), measured decimal(18, 6),"
    " expected decimal(18, 6), z decimal(9, 2), q decimal(9, 6), since date"
)
TESTED = (
    "check_id varchar, hf_orgnr varchar, sector varchar, month varchar, expected decimal(24, 6),"
    " z_itself decimal(9, 2), q_itself decimal(9, 6), z_peers decimal(9, 2), q_peers decimal(9, 6),"
    " percentile decimal(9, 3)"
)


@dataclass(frozen=True)
class Measure:
    """A share of `department_week`: `part` of `whole`; a difference below `change` is no finding, however certain.
    `by_peers`: a trust is compared with others too, not with itself alone."""

    id: str
    part: str
    whole: str
    change: float
    by_peers: bool = True


MEASURES = (
    Measure("without_personnel", "without_personnel", "contacts", 0.02),
    Measure("unknown_municipality", "unknown_municipality", "episodes", 0.01),
    Measure("debitor_not_isf", "debitor_not_isf", "episodes", 0.02),
    Measure("ungrouped", "ungrouped", "episodes", 0.01),
    Measure("ambulatory", "ambulatory", "contacts", 0.03),
    Measure("planned", "planned", "episodes", 0.05),
    Measure("without_duration", "without_duration", "contacts", 0.05),
    Measure("at_midnight", "at_midnight", "contacts", 0.02),
    Measure("on_the_hour", "on_the_hour", "contacts", 0.10),
    Measure("same_day_stays", "same_day_stays", "stays", 0.05),
    Measure("with_secondary", "with_secondary", "episodes", 0.05),
    Measure("with_two_secondary", "with_two_secondary", "episodes", 0.05),
    Measure("with_procedure", "with_procedure", "episodes", 0.05),
    Measure("most_used_municipality", "most_used_municipality", "episodes", 0.10),
    Measure("most_used_main_condition", "most_used_main_condition", "episodes", 0.10),
    Measure("most_used_time", "most_used_time", "episodes", 0.05),
    # How often patients come back is what a trust does.
    Measure("seen_before", "seen_before", "episodes", 0.08, by_peers=False),
)
CASES = "cases per row"
COUNTS = sorted(
    {measure.part for measure in MEASURES}
    | {measure.whole for measure in MEASURES}
    | {"priced_stays", "priced_points", "expected_points", "points_variance"}
)
POINTS, POINTS_CHANGE = "points_for_condition", 0.03


def judge(con: duckdb.DuckDBPyConnection) -> None:
    """Make `macro_finding` and `macro_tested` from the measured counts of the connection."""
    kinds = dict(con.execute("select hf_orgnr, peer_group from hospital").fetchall())
    (split,) = workspace.only_row(
        con,
        "select case when tertial > 1 then make_date(year, 4 * (tertial - 1) + 1, 1)"
        " else period_from + interval 2 month end from info",
    )
    found = [*_volumes(con), *_practice(con, kinds, _day(split))]
    workspace.fill(con, "macro_finding", COLUMNS, sorted(found, key=lambda row: tuple(map(str, row))))
    workspace.fill(con, "macro_tested", TESTED, _tested(con, kinds))


def nothing(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of `judge` without judging: no unit stands out."""
    workspace.fill(con, "macro_finding", COLUMNS, [])
    workspace.fill(con, "macro_tested", TESTED, [])


def limits(con: duckdb.DuckDBPyConnection) -> None:
    """`status_limit`: for each check and number of rows, the least number of failing ones that the check's threshold
    and chance together do not explain (exact binomial, one in a hundred). With threshold nought it is one."""
    from scipy.stats import binom

    asked = con.execute(
        """select distinct setting.check_id, setting.threshold, counted.denominator
        from (
            select check_id, denominator from unit_measure
            union
            select check_id, count(*) filter (where not is_not_applicable) from macro_result group by check_id, hf_orgnr
            union
            select check_id, count(*) from macro_finding group by check_id, hf_orgnr
            union
            select 'part_missing', count(*) from missing_part group by hf_orgnr
        ) as counted
        inner join check_setting as setting on setting.check_id = counted.check_id
        order by all"""
    ).fetchall()
    rows = [
        (check, int(whole), max(1, int(binom.isf(Q, int(whole), float(threshold))) + 1) if whole else 1)
        for check, threshold, whole in asked
    ]
    workspace.fill(con, "status_limit", "check_id varchar, denominator bigint, least_failing bigint", rows)


def _day(value: Any) -> date:
    return value.date() if hasattr(value, "date") else value


def false_discovery(p: Iterable[float]) -> np.ndarray:
    """q of every p of the family (Benjamini–Hochberg)."""
    from scipy.stats import false_discovery_control

    values = np.clip(np.asarray(list(p), dtype=float), 0.0, 1.0)
    return false_discovery_control(values) if len(values) else values


def two_sided(z: np.ndarray) -> np.ndarray:
    """p of z, both ways."""
    from scipy.stats import norm

    return 2 * norm.sf(np.abs(z))


def spread(z: np.ndarray, s: np.ndarray) -> float:
    """The variance between units beyond chance: additive over-dispersion from z winsorised at its tenths."""
    if len(z) < LEAST_PEERS:
        return 0.0
    low, high = np.quantile(z, [0.1, 0.9])
    phi = float(np.mean(np.clip(z, low, high) ** 2)) / _WINSORISED
    w = 1 / s**2
    whole = w.sum() - (w**2).sum() / w.sum()
    return max(0.0, (len(z) * phi - (len(z) - 1)) / whole) if whole > 0 else 0.0


def centred(y: np.ndarray, s: np.ndarray) -> np.ndarray:
    """z of each unit against the middle of them all (the weighted median), over-dispersion in it."""
    order = np.argsort(y, kind="stable")
    w = np.cumsum(1 / s[order] ** 2)
    middle = y[order][np.searchsorted(w, w[-1] / 2)]
    tau = spread((y - middle) / s, s)
    return (y - middle) / np.sqrt(s**2 + tau)


def arcsine(k: np.ndarray, n: np.ndarray) -> np.ndarray:
    """A share on the scale where its variance is 1 / 4n, whatever it is (Anscombe)."""
    return np.arcsin(np.sqrt((k + 0.375) / (n + 0.75)))


def count_p(count: np.ndarray, expected: np.ndarray, dispersion: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """p (two-sided, exact) and z of counts that are `dispersion` times as spread as Poisson ones."""
    from scipy.stats import nbinom, norm, poisson

    phi = np.maximum(dispersion, 1.000001)
    size, chance = expected / (phi - 1), 1 / phi
    low = np.where(phi > 1.01, nbinom.cdf(count, size, chance), poisson.cdf(count, expected))
    high = np.where(phi > 1.01, nbinom.sf(count - 1, size, chance), poisson.sf(count - 1, expected))
    tail = np.clip(np.minimum(low, high), 1e-300, 0.5)
    return np.minimum(2 * tail, 1.0), np.where(low < high, -1.0, 1.0) * norm.isf(tail)


def expected_counts(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a table of units × periods would hold by its rows and columns alone, and each row's dispersion."""
    level = np.median(table, axis=1)
    large = level >= np.quantile(level, 0.5)
    column = np.ones(table.shape[1])
    for _ in range(3):
        row = np.median(table / np.maximum(column, 1e-9), axis=1)
        kept = large & (row > 0)
        if not kept.any():
            break
        column = np.median(table[kept] / row[kept, None], axis=0)
        column = np.where(column > 0, column, 1e-9)
    # Small rows have medians of nought: their mean without the outer tenths.
    row = np.where(row >= 5, row, table.mean(axis=1) / np.maximum(column.mean(), 1e-9))
    expected = np.maximum(row[:, None] * column[None, :], 1e-9)
    residual = (table - expected) / np.sqrt(expected)
    own = (_MAD * np.median(np.abs(residual), axis=1)) ** 2
    # A row's own dispersion is known badly from few periods: it is drawn to that of all.
    shared = float(np.median(own)) if len(own) else 1.0
    return expected, np.maximum(np.maximum(own, shared), 1.0)


def _volumes(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    """Weeks in which a trust or an institution reports far less or more than its level and the country's week say."""
    counted: list[tuple] = []
    for level, unit in (("hf", "''"), ("institution", "institution_id")):
        # The trust is counted whole; what names no institution is no institution beside it.
        known = "and institution_id <> ''" if level == "institution" else ""
        for file in ("episode", "hresept"):
            if level == "institution" and file == "hresept":
                continue
            rows = con.execute(
                f"""select sector, hf_orgnr, {unit} as institution_id, week, sum(rows_counted)
                from part_week cross join info
                where file = ? and week >= period_from and week + 6 <= period_to {known}
                group by all order by all""",
                [file],
            ).fetchall()
            for sector in sorted({row[0] for row in rows}):
                counted += _weeks([row for row in rows if row[0] == sector], level, file)
    q = false_discovery(row[-1] for row in counted)
    by_part: dict[tuple, list[tuple]] = {}
    for row, one in zip(counted, q, strict=True):
        change = (float(row[6]) - row[7]) / max(row[7], 1e-9)
        if one < Q and abs(change) >= 0.15:
            by_part.setdefault(row[:5], []).append((*row[5:9], float(one)))
    found = []
    for (file, level, sector, hf, institution), cells in sorted(by_part.items()):
        cells.sort()
        count, usual = sum(float(cell[1]) for cell in cells), sum(cell[2] for cell in cells)
        worst = max(cells, key=lambda cell: (abs(cell[3]), str(cell[0])))
        found.append(
            (
                "volume_by_week", f"{file}_{len(cells)}", level, hf, institution, None, sector, count, len(cells),
                round(count, 6), round(usual, 6), round(float(worst[3]), 2), round(worst[4], 6), cells[0][0],
            )
        )  # fmt: skip
    return found


def _weeks(rows: list[tuple], level: str, file: str) -> list[tuple]:
    """Every cell of a sector's table with its expectation, z and p."""
    weeks = sorted({row[3] for row in rows})
    parts = sorted({row[1:3] for row in rows})
    if len(weeks) < 6 or len(parts) < 3:
        return []
    place, column = {part: i for i, part in enumerate(parts)}, {week: i for i, week in enumerate(weeks)}
    table = np.zeros((len(parts), len(weeks)))
    for _, hf, institution, week, count in rows:
        table[place[(hf, institution)], column[week]] = count
    expected, dispersion = expected_counts(table)
    p, z = count_p(table, expected, np.repeat(dispersion[:, None], len(weeks), axis=1))
    return [
        (file, level, rows[0][0], hf, institution, week, table[i, j], expected[i, j], z[i, j], p[i, j])
        for (hf, institution), i in place.items()
        for week, j in column.items()
    ]


def _practice(con: duckdb.DuckDBPyConnection, kinds: dict[str, str], split: date) -> list[tuple]:
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
    for keys, own in _peers(present, [kinds.get(key[1], "") for key in present]):
        k = np.array([units[key][0][measure.part] + units[key][1][measure.part] for key in keys])
        n = np.array([units[key][0][measure.whole] + units[key][1][measure.whole] for key in keys])
        cases = np.array([units[key][0][CASES] for key in keys])
        z = centred(arcsine(cases * k, cases * n), 1 / (2 * np.sqrt(cases * n)))
        middle = float(np.median(k / n))
        p = two_sided(z)
        rows += [
            (measure.id, "hf", key, k[i], n[i], k[i] / n[i], middle, z[i], 2 * measure.change, p[i])
            for i, key in enumerate(keys)
            if own[i]
        ]
    return rows


def _peers(units: list, kinds: list[str]) -> list[tuple[list, list[bool]]]:
    """Whom units are compared with: those of their kind where there are five, else all; with each group, which of it
    are judged there."""
    if len(units) < LEAST_PEERS:
        return []
    few = {kind for kind in kinds if kinds.count(kind) < LEAST_PEERS}
    found = [
        ([unit for unit, own in zip(units, kinds, strict=True) if own == kind], [True] * kinds.count(kind))
        for kind in sorted({*kinds} - few)
    ]
    return found + ([(units, [kind in few for kind in kinds])] if few else [])


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
    z = centred(y, np.sqrt(1 / (4 * cases * n1) + 1 / (4 * cases * n2)))
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
    z = centred(points / usual, np.sqrt(variance) / usual)
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
    days = [_day(row[0]) for row in series]
    k, n = (np.array([row[place] for row in series]) for place in (1, 2))

    def likelihood(part: float, whole: float) -> float:
        share = min(max(part / whole, 1e-9), 1 - 1e-9) if whole else 0.5
        return part * np.log(share) + (whole - part) * np.log(1 - share)

    scores = [
        likelihood(k[:cut].sum(), n[:cut].sum()) + likelihood(k[cut:].sum(), n[cut:].sum())
        for cut in range(2, len(days) - 1)
    ]
    return days[2 + int(np.argmax(scores))]


def _tested(con: duckdb.DuckDBPyConnection, kinds: dict[str, str]) -> list[tuple]:
    """The shares of the macro checks: each trust against its peers and against its own share a year before."""
    rows = workspace.rows(
        con,
        """select value.check_id, value.hf_orgnr, value.sector, value.month, setting.direction, setting.kind,
            cast(setting.change as double) as change,
            cast(value.numerator as double) as k, cast(value.denominator as double) as n,
            cast(earlier.numerator as double) as k0, cast(earlier.denominator as double) as n0
        from macro_value as value
        inner join check_setting as setting on setting.check_id = value.check_id
        left join earlier_value as earlier on earlier.which = 'year' and earlier.check_id = value.check_id
            and earlier.hf_orgnr = value.hf_orgnr and earlier.sector = value.sector
            and earlier.month[6:7] is not distinct from value.month[6:7]
        where setting.kind in ('share', 'volume', 'level', 'bunching') and value.denominator > 0
        order by value.check_id, value.sector, value.month nulls first, value.hf_orgnr""",
    )
    cells: dict[tuple, dict] = {}
    groups: dict[tuple, list[dict]] = {}
    for row in rows:
        cells[_key(row)] = {}
        group = row["kind"] if row["kind"] == "volume" else row["month"]
        groups.setdefault((row["check_id"], row["sector"], group), []).append(row)
    for group in groups.values():
        if group[0]["kind"] == "volume":
            _months(group, cells)
            continue
        if group[0]["kind"] == "level":
            _over_level(group, cells)
            continue
        if group[0]["kind"] == "bunching":
            _bunching(group, cells)
            continue
        _against_peers(group, kinds, cells)
        _against_last_year([row for row in group if row["n0"]], cells)
    for name in ("peers", "itself"):
        tested = [key for key in cells if f"p_{name}" in cells[key]]
        for key, q in zip(tested, false_discovery(cells[key][f"p_{name}"] for key in tested), strict=True):
            cells[key][f"q_{name}"] = round(float(q), 6)
    names = ("expected", "z_itself", "q_itself", "z_peers", "q_peers", "percentile")
    return [(*key, *(cell.get(name) for name in names)) for key, cell in cells.items()]


def _months(rows: list[dict], cells: dict[tuple, dict]) -> None:
    """Each trust's months against its level and the country's month; an absent month is told by `missing_part`."""
    parts, months = sorted({row["hf_orgnr"] for row in rows}), sorted({row["month"] for row in rows})
    if len(parts) < 3 or len(months) < 4:
        return
    table = np.zeros((len(parts), len(months)))
    for row in rows:
        table[parts.index(row["hf_orgnr"]), months.index(row["month"])] = row["k"]
    expected, dispersion = expected_counts(table)
    p, z = count_p(table, expected, np.repeat(dispersion[:, None], len(months), axis=1))
    for row in rows:
        place = parts.index(row["hf_orgnr"]), months.index(row["month"])
        cells[_key(row)] |= {
            "p_itself": float(p[place]),
            "z_itself": round(float(z[place]), 2),
            "expected": round(float(expected[place]), 6),
        }


def _over_level(rows: list[dict], cells: dict[tuple, dict]) -> None:
    """Trusts whose share is over a level that is set: exact, so that three of four is no finding by itself."""
    from scipy.stats import binom

    for row in rows:
        cells[_key(row)] |= {
            "p_itself": float(binom.sf(row["k"] - 1, row["n"], row["change"])),
            "expected": round(row["change"], 6),
        }


def _key(row: dict) -> tuple:
    return (row["check_id"], row["hf_orgnr"], row["sector"], row["month"])


def _scale(k: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares on the arcsine scale; means that may pass one (points, codes, days) on the root scale of counts."""
    if (k <= n).all():
        return arcsine(k, n), 1 / (2 * np.sqrt(n))
    return np.sqrt(k / n), 1 / (2 * np.sqrt(n))


def _against_peers(group: list[dict], kinds: dict[str, str], cells: dict[tuple, dict]) -> None:
    for rows, own in _peers(group, [kinds.get(row["hf_orgnr"], "") for row in group]):
        k, n = (np.array([row[name] for row in rows]) for name in ("k", "n"))
        y, s = _scale(k, n)
        z = _one_way(centred(y, s), rows[0]["direction"])
        share = k / n
        for i in np.flatnonzero(own):
            below = (np.sum(share < share[i]) + 0.5 * (np.sum(share == share[i]) - 1)) / max(len(rows) - 1, 1)
            cells[_key(rows[i])] |= {
                "p_peers": float(two_sided(z[i : i + 1])[0]),
                "z_peers": round(float(np.clip(z[i], -9999, 9999)), 2),
                "expected": round(float(np.median(share)), 6),
                "percentile": round(100 * float(below), 1),
            }


def _bunching(rows: list[dict], cells: dict[tuple, dict]) -> None:
    """Trusts of whose stays near a limit more lie just over it than the others' do: exact (binomial), at any number."""
    from scipy.stats import binomtest, norm

    k, n = sum(row["k"] for row in rows), sum(row["n"] for row in rows)
    for row in rows:
        rest = n - row["n"]
        # Where nobody else has stays near the limit, both sides of it are as likely.
        usual = (k - row["k"]) / rest if rest else 0.5
        p = binomtest(int(row["k"]), int(row["n"]), usual, alternative="greater").pvalue
        cells[_key(row)] |= {
            "p_peers": float(p),
            "z_peers": round(float(norm.isf(min(max(p, 1e-300), 0.5))), 2),
            "expected": round(usual, 6),
        }


def _against_last_year(rows: list[dict], cells: dict[tuple, dict]) -> None:
    if not rows:
        return
    k, n, k0, n0 = (np.array([row[name] for row in rows]) for name in ("k", "n", "k0", "n0"))
    is_share = (k <= n).all() and (k0 <= n0).all()
    y = arcsine(k, n) - arcsine(k0, n0) if is_share else np.sqrt(k / n) - np.sqrt(k0 / n0)
    z = _one_way(centred(y, np.sqrt(1 / (4 * n) + 1 / (4 * n0))), rows[0]["direction"])
    for i, row in enumerate(rows):
        cells[_key(row)] |= {
            "p_itself": float(two_sided(z[i : i + 1])[0]),
            "z_itself": round(float(np.clip(z[i], -9999, 9999)), 2),
        }


def _one_way(z: np.ndarray, direction: str) -> np.ndarray:
    """z, with nought where it goes the way that is no finding."""
    if direction == "both":
        return z
    return np.where(z > 0, z, 0.0) if direction == "high" else np.where(z < 0, z, 0.0)
