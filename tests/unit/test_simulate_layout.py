"""The directorate's 67 published rows, printed from unrounded points that imply them."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.publication.norwegian import rounded
from pipelines.simulate import layout

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
FILES = sorted(path.name for path in GOLDEN.glob("isf_effects_2026_*.csv"))
STEP = Decimal("0.05")


def published(name: str) -> list[dict]:
    return list(csv.DictReader((GOLDEN / name).open(encoding="utf-8")))


def implied(row: dict) -> list[tuple[Decimal, Decimal]]:
    """Unrounded (before, after) that round to the row."""
    before, after, change = (int(row[k]) for k in ("points_2025_weights", "points_2026_weights", "change"))
    percent = Decimal(row["pct_change"])
    grid = [Decimal(i) * STEP for i in range(-9, 10)]
    found = []
    for b in (before + g for g in grid):
        for d in (change + g for g in grid):
            if rounded(b + d, 0) == after and rounded(100 * d / b, 2) == percent:
                found.append((b, b + d))
    return found


def unrounded(rows: list[dict], total: dict) -> list[tuple[str, Decimal, Decimal]]:
    """One pair per row, such that the sums imply the total too."""
    choices = [implied(row) for row in rows]
    assert all(choices), [r["unit"] for r, c in zip(rows, choices, strict=True) if not c]
    goal = Decimal(total["points_2025_weights"])
    picked = [c[len(c) // 2] for c in choices]
    for _ in range(3):
        for i, options in enumerate(choices):
            b = sum(p[0] for j, p in enumerate(picked) if j != i)
            a = sum(p[1] for j, p in enumerate(picked) if j != i)
            picked[i] = min(options, key=lambda o: abs(b + o[0] - goal) + 2 * abs(a + o[1] - b - o[0]))
    return [(row["unit"], *pair) for row, pair in zip(rows, picked, strict=True)]


@pytest.mark.parametrize("name", FILES)
def test_published_rows(name):
    *rows, total = published(name)
    lines = layout.table(layout.by_size(unrounded(rows, total)))
    printed = [tuple(layout.plain(text).replace("+", "") for text in line[:5]) for line in lines]
    expected = [
        (
            row["unit"],
            f"{int(row['points_2025_weights']):,}".replace(",", " "),
            f"{int(row['points_2026_weights']):,}".replace(",", " "),
            f"{int(row['change']):,}".replace(",", " "),
            row["pct_change"].replace(".", ",") + " %",
        )
        for row in [*rows, total]
    ]
    if "_rhf_" in name:  # the directorate lists the regions in another order
        printed, expected = sorted(printed[:-1]) + printed[-1:], sorted(expected[:-1]) + expected[-1:]
    assert printed == expected


def test_there_are_67_rows():
    assert sum(len(published(name)) for name in FILES) == 67


def test_the_change_is_rounded_from_unrounded_points():
    line = layout.line("Vestre Viken HF", Decimal("130674.4"), Decimal("130160.6"))
    assert [layout.plain(t) for t in line[:5]] == ["Vestre Viken HF", "130 674", "130 161", "-514", "-0,39 %"]


def test_the_largest_change_decides_the_decimals_of_the_whole_table():
    def printed(*changes):
        return layout.table([(str(n), Decimal(1000), 1000 + Decimal(c)) for n, c in enumerate(changes)])

    assert printed("100", "-3.25")[1].change == "−3" and printed("99.9", "-3.25")[1].change == "−3,3"
    assert printed("1", "-0.25")[1].before == "1\u00a0000,0" and printed("0.999")[0].change == "+0,999"
    assert printed("0")[0] == ("0", "1\u00a0000", "1\u00a0000", "0", "0,00\u00a0%", "0")
