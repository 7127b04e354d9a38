"""Volumes: weeks and months in which a trust or an institution reports far less or more than its level and the
country's week or month say."""

from __future__ import annotations

import duckdb
import numpy as np

from pipelines.quality.statistics import Q, count_p, expected_counts, false_discovery

NEAR = 4  # weeks before and after a week that tell what is usual at that time
LEAST_A_WEEK = 10  # of fewer the middle of four weeks tells nothing


def weeks(con: duckdb.DuckDBPyConnection) -> list[tuple]:
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
    spread = np.repeat(dispersion[:, None], len(weeks), axis=1)
    p, z = count_p(table, expected, spread)
    # Unusual is what neither the country's week nor the unit's own weeks before or after it explain.
    for own in _own_season(table / expected):
        told = np.where(expected >= LEAST_A_WEEK, np.maximum(expected * own, 1e-9), expected)
        p = np.maximum(p, count_p(table, told, spread)[0])
    return [
        (file, level, rows[0][0], hf, institution, week, table[i, j], expected[i, j], z[i, j], p[i, j])
        for (hf, institution), i in place.items()
        for week, j in column.items()
    ]


def _own_season(ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much more or less than the country's weeks a unit's have been, by the middle of the weeks before and of those
    after each: a hospital for rehabilitation has no summer. At the ends both are those that there are."""
    before, after = np.ones_like(ratio), np.ones_like(ratio)
    last = ratio.shape[1]
    for j in range(last):
        earlier, later = ratio[:, max(0, j - NEAR) : j], ratio[:, j + 1 : j + 1 + NEAR]
        before[:, j] = np.median(earlier if j else later, axis=1)
        after[:, j] = np.median(later if j < last - 1 else earlier, axis=1)
    return before, after


def months(rows: list[dict]) -> list[tuple[dict, dict]]:
    """Each trust's months (`hf_orgnr`, `month`, `k`) against its level and the country's month, each row with its p, z
    and expectation; an absent month is told by `missing_part`. Of too few trusts or months nothing is said."""
    parts, months = sorted({row["hf_orgnr"] for row in rows}), sorted({row["month"] for row in rows})
    if len(parts) < 3 or len(months) < 4:
        return []
    table = np.zeros((len(parts), len(months)))
    for row in rows:
        table[parts.index(row["hf_orgnr"]), months.index(row["month"])] = row["k"]
    expected, dispersion = expected_counts(table)
    p, z = count_p(table, expected, np.repeat(dispersion[:, None], len(months), axis=1))
    found = []
    for row in rows:
        place = parts.index(row["hf_orgnr"]), months.index(row["month"])
        cell = {
            "p_itself": float(p[place]),
            "z_itself": round(float(z[place]), 2),
            "expected": round(float(expected[place]), 6),
        }
        found.append((row, cell))
    return found
