"""The statistics of the macro checks: chance makes no finding, and what is planted is found, at any size."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from pipelines.engine.workspace import connect
from pipelines.quality import macro_practice, macro_values, macro_volumes, statistics

WEEKS = [date(2025, 1, 6) + timedelta(weeks=number) for number in range(34)]


def counts(seed: int, units: int = 60, low: float = 5, high: float = 400) -> np.ndarray:
    """Poisson counts of units × weeks, with weeks of holidays."""
    rng = np.random.default_rng(seed)
    week = rng.uniform(0.6, 1.1, len(WEEKS))
    return rng.poisson(rng.uniform(low, high, units)[:, None] * week[None, :]).astype(float)


def q_of(table: np.ndarray) -> np.ndarray:
    """q of every cell."""
    expected, dispersion = statistics.expected_counts(table)
    p, _ = statistics.count_p(table, expected, np.repeat(dispersion[:, None], table.shape[1], axis=1))
    return statistics.false_discovery(p.ravel()).reshape(table.shape)


def test_weeks_of_chance_are_no_finding():
    assert sum((q_of(counts(seed)) < statistics.Q).sum() for seed in range(10)) <= 10 * 60 * 34 * 0.001


@pytest.mark.parametrize("expected", [30, 60, 400])
def test_a_lost_week_is_found_at_any_size(expected):
    table = counts(1)
    table[7] = np.random.default_rng(2).poisson(expected, len(WEEKS))
    table[7, 20] = 0
    q = q_of(table)
    assert q[7, 20] < statistics.Q and (q[7] < statistics.Q).sum() == 1


def department(unit: str, share_before: float, share_after: float, each: int, rng) -> list[dict]:
    """Weeks of a department: `each` contacts, of which a share is ambulatory, before and from May."""
    found = []
    for week in WEEKS:
        row = dict.fromkeys(macro_practice.COUNTS, 0) | {
            "sector": "SOM",
            "hf_orgnr": f"H{unit[:2]}",
            "unit_id": unit,
            "week": week,
        }
        row |= {"episodes": each, "contacts": each, "patients": each * len(WEEKS)}
        row["ambulatory"] = int(rng.binomial(each, share_before if week < date(2025, 5, 1) else share_after))
        found.append(row)
    return found


def practice(
    changed: dict[str, tuple[float, float]], each: int = 10, without_unit: set[str] = frozenset()
) -> list[tuple]:
    rng = np.random.default_rng(3)
    weeks = []
    for number in range(80):
        unit = f"{number:02d}-POL"
        weeks += department(unit, *changed.get(unit, (0.2, 0.2)), each, rng)
    for row in weeks:
        row["unit_id"] = None if row["unit_id"] in without_unit else row["unit_id"]
    with contextlib.closing(connect()) as con:
        con.register("counted", pa.Table.from_pylist(weeks))
        con.execute("create table department_week as from counted")
        return macro_practice.changes(con, {f"H{number:02d}": "HF" for number in range(80)}, date(2025, 5, 1))


def test_episodes_without_a_unit_belong_to_their_trust_alone():
    found = practice({"17-POL": (0.1, 0.9)}, each=40, without_unit={"17-POL"})
    assert {(row[0], row[2], row[5]) for row in found if row[3] == "H17"} == {
        ("practice_apart", "hf", None), ("practice_shift", "hf", None),
    }  # fmt: skip


def test_departments_that_do_as_before_are_no_finding():
    assert practice({}) == []


def test_a_shift_in_one_department_is_found_with_its_week():
    found = [row for row in practice({"17-POL": (0.2, 0.6)}) if row[0] == "practice_shift" and row[2] == "department"]
    assert [(row[1], row[3], row[5]) for row in found] == [("ambulatory", "H17", "17-POL")]
    assert abs(found[0][13] - date(2025, 5, 5)) <= timedelta(weeks=1)


def test_limits_follow_the_number_of_cases():
    """Half of four is chance where a third of all do so; half of four hundred is not."""
    k, n = np.array([10.0] * 30 + [2, 200]), np.array([30.0] * 30 + [4, 400])
    z = statistics.centred(statistics.arcsine(k, n), 1 / (2 * np.sqrt(n)))
    assert abs(z[30]) < 2 < 4 < z[31]


def test_units_that_differ_by_nature_widen_the_limits():
    rng = np.random.default_rng(4)
    n = np.full(40, 1000.0)
    alike, apart = rng.binomial(1000, 0.3, 40), rng.binomial(1000, rng.uniform(0.2, 0.4, 40))
    widest = [np.abs(statistics.centred(statistics.arcsine(k, n), 1 / (2 * np.sqrt(n)))).max() for k in (alike, apart)]
    assert all(2 < one < 4 for one in widest)
    assert statistics.spread((apart - 300) / np.sqrt(210), np.full(40, 0.01)) > 0.0005


def test_one_of_few_peers_that_differ_by_nature_is_no_finding_and_one_of_many_alike_is():
    """What nine hospitals of their own kinds differ by is known badly, so the odd one of them tells little."""
    by_nature = np.array([1.20, 1.23, 1.22, 1.25, 1.26, 1.30, 1.30, 1.21, 1.05])
    alike = np.append(np.random.default_rng(5).normal(1.2, 0.01, 30), 1.30)
    few, many = statistics.apart(by_nature, np.full(9, 0.002)), statistics.apart(alike, np.full(31, 0.01))
    assert 2 < -few[8] < 4.5 and many[30] > 5 and np.abs(many[:30]).max() < 3.5


def test_chance_alone_is_as_rare_as_told_where_units_differ_and_are_few():
    rng = np.random.default_rng(6)
    s = np.geomspace(0.002, 0.1, 8)
    z = np.concatenate([statistics.apart(rng.normal(1, np.hypot(s, 0.03)), s) for _ in range(400)])
    p = statistics.two_sided(z)
    assert 0.02 < (p < 0.05).mean() < 0.08 and (p < 1e-3).mean() < 0.01 and (p < 1e-4).mean() < 0.003


def test_a_hospital_with_a_season_of_its_own_is_no_finding_and_its_lost_week_is():
    rng = np.random.default_rng(7)
    summer = np.where((np.arange(34) > 20) & (np.arange(34) < 30), 0.6, 1.0)
    rows = [
        ("SOM", f"H{unit:02d}", "", week, int(rng.poisson(300 * (1.0 if unit == 5 else summer[place]))))
        for unit in range(20)
        for place, week in enumerate(WEEKS)
    ]
    lost = [(*row[:4], 0 if row[1] == "H05" and row[3] == WEEKS[25] else row[4]) for row in rows]
    for table, expected in ((rows, set()), (lost, {("H05", WEEKS[25])})):
        cells = macro_volumes._weeks(table, "hf", "episode")
        q = statistics.false_discovery(cell[-1] for cell in cells)
        assert {(cell[3], cell[5]) for cell, one in zip(cells, q, strict=True) if one < statistics.Q} == expected


def test_a_mean_is_as_uncertain_as_its_values_are_unlike():
    """One stay of 23 days makes a mean and its error large together; a hundred of a day each do not."""
    rows = [mean_row(f"H{number}", 40, 1000, 40) for number in range(12)]
    rows += [mean_row("ONE", 23, 150, 23 * 23), mean_row("ALL", 100, 150, 100)]
    z = statistics.apart(*macro_values._measured(rows))
    assert abs(z[12]) < 3 < 5 < z[13]


def mean_row(hf: str, k: int, n: int, squares: int) -> dict:
    return row(hf, k, n, "share") | {"squares": float(squares), "patients": float(n)}


def test_what_a_patient_comes_for_again_and_again_is_one_case():
    rows = [row(f"H{number}", 200, 1000, "share") | {"squares": None, "patients": 1000.0} for number in range(12)]
    once = row("ONCE", 300, 1000, "share") | {"squares": None, "patients": 1000.0}
    z = [statistics.apart(*macro_values._measured([*rows, once | {"patients": n}]))[12] for n in (1000.0, 50.0)]
    assert z[0] > 5 > 2 > z[1] > 0


def row(hf: str, k: int, n: int, kind: str = "bunching") -> dict:
    return {
        "check_id": "over_limit", "hf_orgnr": hf, "sector": "SOM", "month": None, "direction": "high", "kind": kind,
        "change": 0.1, "k": float(k), "n": float(n),
    }  # fmt: skip


def test_all_of_few_over_a_limit_is_bunching_and_three_of_four_is_not():
    rows = [row(f"H{number:02d}", 20, 50) for number in range(20)] + [
        row("ALL", 26, 26),
        row("FEW", 3, 4),
        row("NONE", 0, 3),
    ]
    cells = {macro_values._key(one): {} for one in rows}
    macro_values._bunching(rows, cells)
    p = {key[1]: cell["p_peers"] for key, cell in cells.items()}
    assert p["ALL"] < 1e-6 and p["FEW"] > 0.1 and p["H07"] > 0.1
    assert all(np.isfinite(cell["z_peers"]) for cell in cells.values())


def test_a_kind_of_few_trusts_is_compared_with_all_and_no_trust_is_silent():
    units, kinds = [f"H{number}" for number in range(9)], ["HF"] * 6 + ["private"] * 2 + ["mental_health"]
    groups = statistics.peers(units, kinds)
    assert [unit for keys, own in groups for unit, one in zip(keys, own, strict=True) if one] == units
    assert groups[0][0] == units[:6] and groups[1][0] == units
