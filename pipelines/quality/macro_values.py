"""Macro checks of a share, a level or a volume: each trust against its peers and against its own a year before."""

from __future__ import annotations

import duckdb
import numpy as np

from pipelines.engine import workspace
from pipelines.quality import macro_volumes
from pipelines.quality.statistics import apart, arcsine, false_discovery, one_way, peers, two_sided

LEAST_VALUES = 5


def tested(con: duckdb.DuckDBPyConnection, kinds: dict[str, str]) -> list[tuple]:
    """The shares of the macro checks: each trust against its peers and against its own share a year before."""
    rows = workspace.rows(
        con,
        """select value.check_id, value.hf_orgnr, value.sector, value.month, setting.direction, setting.kind,
            cast(setting.change as double) as change,
            setting.by_peers,
            cast(value.numerator as double) as k, cast(value.denominator as double) as n,
            cast(value.patients as double) as patients, cast(value.squares as double) as squares,
            cast(earlier.numerator as double) as k0, cast(earlier.denominator as double) as n0,
            cast(earlier.patients as double) as patients0, cast(earlier.squares as double) as squares0
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
            for row, cell in macro_volumes.months(group):
                cells[_key(row)] |= cell
            continue
        if group[0]["kind"] == "level":
            _over_level(group, cells)
            continue
        if group[0]["kind"] == "bunching":
            _bunching(group, cells)
        else:
            _against_peers([row for row in group if _tells(row)], kinds, cells)
        _against_last_year([row for row in group if _tells(row) and _tells(row, "0")], cells)
    for name in ("peers", "itself"):
        tested = [key for key in cells if f"p_{name}" in cells[key]]
        for key, q in zip(tested, false_discovery(cells[key][f"p_{name}"] for key in tested), strict=True):
            cells[key][f"q_{name}"] = round(float(q), 6)
    names = ("expected", "z_itself", "q_itself", "z_peers", "q_peers", "percentile")
    return [(*key, *(cell.get(name) for name in names)) for key, cell in cells.items()]


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


def _tells(row: dict, which: str = "") -> bool:
    """Whether there is something to judge: the mean of a few values is none."""
    return bool(row[f"n{which}"]) and (row["squares"] is None or row[f"n{which}"] >= LEAST_VALUES)


def _measured(rows: list[dict], which: str = "") -> tuple[np.ndarray, np.ndarray]:
    """Shares on the arcsine scale, or means (points, codes, days), with their standard errors. What a patient comes for
    several times is one case. `which`: 0 for the year before."""
    k, n = (np.array([row[name + which] for row in rows]) for name in ("k", "n"))
    cases = n * np.array([min(1.0, (row[f"patients{which}"] or row[f"n{which}"]) / row[f"n{which}"]) for row in rows])
    if rows[0]["squares"] is None:
        return arcsine(k / n * cases, cases), 1 / (2 * np.sqrt(cases))
    # Of few values the variance is known badly, and of skew ones a large value makes both the mean and it.
    about = np.array([row[f"squares{which}"] for row in rows]) - k**2 / n
    shared = about.sum() / max((n - 1).sum(), 1)
    return k / n, np.sqrt(np.maximum(np.maximum(shared, about / n), 1e-12) / cases)


def _against_peers(group: list[dict], kinds: dict[str, str], cells: dict[tuple, dict]) -> None:
    for rows, own in peers(group, [kinds.get(row["hf_orgnr"], "") for row in group]):
        z = one_way(apart(*_measured(rows)), rows[0]["direction"])
        share = np.array([row["k"] / row["n"] for row in rows])
        for i in np.flatnonzero(own):
            below = (np.sum(share < share[i]) + 0.5 * (np.sum(share == share[i]) - 1)) / max(len(rows) - 1, 1)
            cells[_key(rows[i])] |= {
                "expected": round(float(np.median(share)), 6),
                "percentile": round(100 * float(below), 1),
            }
            # What differs by who the patients are is shown among the others, and judged against the trust itself alone.
            if rows[i]["by_peers"]:
                cells[_key(rows[i])] |= {
                    "p_peers": float(two_sided(z[i : i + 1])[0]),
                    "z_peers": round(float(np.clip(z[i], -9999, 9999)), 2),
                }


def _bunching(rows: list[dict], cells: dict[tuple, dict]) -> None:
    """Trusts of whose stays near a limit more lie just over it than the others' do, and than under it, which durations
    that are as likely as each other would give: exact (binomial), at any number."""
    from scipy.stats import binomtest, norm

    k, n = sum(row["k"] for row in rows), sum(row["n"] for row in rows)
    for row in rows:
        rest = n - row["n"]
        usual = max((k - row["k"]) / rest if rest else 0.0, 0.5)
        p = binomtest(int(row["k"]), int(row["n"]), usual, alternative="greater").pvalue
        cells[_key(row)] |= {
            "p_peers": float(p),
            "z_peers": round(float(norm.isf(min(max(p, 1e-300), 0.5))), 2),
            "expected": round(usual, 6),
        }


def _against_last_year(rows: list[dict], cells: dict[tuple, dict]) -> None:
    if not rows:
        return
    (y, s), (y0, s0) = _measured(rows), _measured(rows, "0")
    z = one_way(apart(y - y0, np.hypot(s, s0)), rows[0]["direction"])
    for i, row in enumerate(rows):
        cells[_key(row)] |= {
            "p_itself": float(two_sided(z[i : i + 1])[0]),
            "z_itself": round(float(np.clip(z[i], -9999, 9999)), 2),
        }
