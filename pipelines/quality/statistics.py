"""The tests of the macro checks, on numbers alone: what is chance, and what is not.

Limits follow the number of cases (exact for small counts), peers are as dispersed as they are (Spiegelhalter 2005,
additive over-dispersion), and of all tests together at most one finding in a hundred is expected to be chance
(Benjamini–Hochberg).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

Q = 0.01  # expected share of findings that are chance
LEAST_PEERS = 5
_WINSORISED = 0.679  # mean square of a normal z that is cut at its tenths
_MAD = 1.4826  # of a normal distribution: standard deviation / median absolute deviation


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


def apart(y: np.ndarray, s: np.ndarray) -> np.ndarray:
    """z of each unit against the others without itself, `s` being the standard errors of `y`. By how much the others
    differ beyond chance is known from few of them, so its tail is Student's, told as the normal z of the same
    probability."""
    from scipy.stats import norm, t

    if len(y) < LEAST_PEERS:
        return np.zeros(len(y))
    z = np.zeros(len(y))
    for i in range(len(y)):
        others, v = np.delete(y, i), np.delete(s, i) ** 2
        tau = _between(others, v)
        w = 1 / (v + tau)
        own = s[i] ** 2 + tau + 1 / w.sum()
        # Chance is known, so only the part beyond it lacks degrees of freedom (Satterthwaite); units with few
        # cases tell little of it.
        free = max(w.sum() ** 2 / (w**2).sum() - 1, 1) * (own / tau) ** 2
        away = (y[i] - (w * others).sum() / w.sum()) / np.sqrt(own)
        tail = norm.logsf(abs(away)) if free > 1e6 else t.logsf(abs(away), free)
        z[i] = np.sign(away) * norm.isf(max(np.exp(tail), 1e-300))
    return z


def _between(y: np.ndarray, v: np.ndarray) -> float:
    """The variance between units beyond chance: the larger of that by precision (DerSimonian–Laird), which knows the
    large ones, and that of all alike (Hedges), which knows the odd ones; and what chance alone may hide of it, one
    standard error of the first where they do not differ."""
    w = 1 / v
    mean, scale, free = (w * y).sum() / w.sum(), w.sum() - (w**2).sum() / w.sum(), len(y) - 1
    by_precision = ((w * (y - mean) ** 2).sum() - free) / scale
    return max(0.0, by_precision, float(np.var(y, ddof=1) - v.mean())) + np.sqrt(2 * free) / scale


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
    own = (_few(table.shape[1]) * _MAD * np.median(np.abs(residual), axis=1)) ** 2
    # A row's own dispersion is known badly from few periods: it is drawn to that of all.
    shared = float(np.median(own)) if len(own) else 1.0
    return expected, np.maximum(np.maximum(own, shared), 1.0)


def _few(periods: int) -> float:
    """What the median deviation of so few values from their own median is too small by (Croux and Rousseeuw 1992)."""
    return {2: 1.196, 3: 1.495, 4: 1.363, 5: 1.206, 6: 1.200, 7: 1.140, 8: 1.129, 9: 1.107}.get(
        periods, periods / (periods - 0.8)
    )


def peers(units: list, kinds: list[str]) -> list[tuple[list, list[bool]]]:
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


def one_way(z: np.ndarray, direction: str) -> np.ndarray:
    """z, with nought where it goes the way that is no finding."""
    if direction == "both":
        return z
    return np.where(z > 0, z, 0.0) if direction == "high" else np.where(z < 0, z, 0.0)
