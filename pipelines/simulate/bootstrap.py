"""How certain is a trust's change: patients of each trust drawn again with replacement, many times.

Patients with the same points before and after are alike, so a resample draws how many there are of each
kind: the same as drawing patients one by one, and much faster. Points are whole thousandths (int64) and the
calibration factor millionths, so every resample is exact; only the limits of the interval are read off the
resamples.
"""

from decimal import Decimal

import numpy as np

from pipelines.engine.models import run
from pipelines.errors import IsfError
from pipelines.publication.tables import Rows
from pipelines.simulate.activity import Activity

MILLION = 1_000_000
LOW, HIGH = 25, 975  # thousandths of the resamples below the limits
COLUMNS = {
    "alternativ": "VARCHAR", "sektor": "VARCHAR", "hf_orgnr": "VARCHAR", "hf": "VARCHAR",
    "antall_pasienter": "BIGINT",
    "endring": "DECIMAL(20,9)", "endring_lav": "DECIMAL(20,9)", "endring_hoy": "DECIMAL(20,9)",
    "prosent_lav": "DECIMAL(18,6)", "prosent_hoy": "DECIMAL(18,6)",
}  # fmt: skip


def intervals(activity: Activity, comparisons: list, resamples: int, seed: int) -> Rows:
    """95 % intervals of the change per trust, in the measure `base` (base points of the same units in the
    same groups).

    Raises IsfError for fewer than 40 resamples: the limits would be the extremes themselves.
    """
    if resamples < 40:
        raise IsfError(f"--bootstrap {resamples}: give at least 40 resamples; 200 or more for a steady interval.")
    rows: list[tuple] = []
    for comparison in comparisons:
        activity.tell(f"bootstrap {comparison.alternative.id}")
        rows += _of(activity, comparison, resamples, seed)
    types = list(COLUMNS.values())
    return Rows(list(COLUMNS), types, [not kind.startswith("VARCHAR") for kind in types], rows)


def kinds(activity: Activity, comparison) -> dict[str, np.ndarray]:
    """(sector, trust, thousandths before, thousandths after, patients): patients of a trust that are alike."""
    con, database = activity.con, activity.database("interval")
    reading = {f"{side}_group": f"{comparison.database}.main.{side}_group" for side in ("baseline", "alternative")}
    reading |= {name: f"wh.main.{name}" for name in ("stay", "service")}
    run("simulation_interval", con, into=database, reading=reading)
    return con.execute(f"select * from {database}.alike_patient order by all").fetchnumpy()


def _of(activity: Activity, comparison, resamples: int, seed: int) -> list[tuple]:
    data = list(kinds(activity, comparison).values())
    sector, trust, before, after, patients = (np.asarray(np.ma.filled(c, "") if c.dtype == object else c) for c in data)
    rows = []
    names = dict(activity.con.execute(f"select hf_orgnr, hf_name from {comparison.database}.provider").fetchall())
    drawn: dict[str, list[tuple]] = {}
    for number, (part, orgnr) in enumerate(sorted(set(zip(sector.tolist(), trust.tolist(), strict=True)))):
        chosen = (sector == part) & (trust == orgnr)
        # A generator of its own per trust: the result does not depend on which others there are before it.
        generator = np.random.Generator(np.random.PCG64([seed, number]))
        sums = resample(generator, before[chosen], after[chosen], patients[chosen], resamples)
        actual = (int(before[chosen] @ patients[chosen]), int(after[chosen] @ patients[chosen]))
        drawn.setdefault(part, []).append((orgnr, int(patients[chosen].sum()), actual, *sums))
    factors = {row["sector"]: int(row["factor"] * MILLION) for row in comparison.factors if row["measure"] == "base"}
    for part in sorted(drawn, reverse=True):
        own = factors[part]
        factor = np.full(resamples, own, dtype=np.int64)
        if comparison.calibrate == "sector":
            # The alternative is calibrated anew in every resample, as it would be on that activity.
            total_before = sum(entry[3] for entry in drawn[part])
            total_after = sum(entry[4] for entry in drawn[part])
            factor = np.array(
                [
                    (2 * MILLION * int(b) + int(a)) // (2 * int(a)) if a > 0 else MILLION
                    for b, a in zip(total_before, total_after, strict=True)
                ],
                dtype=np.int64,
            )
        for orgnr, count, (b, a), b_drawn, a_drawn in drawn[part]:
            change = np.sort(a_drawn * factor - b_drawn * MILLION)
            share = np.sort((a_drawn * factor - b_drawn * MILLION) / np.maximum(b_drawn, 1) / (MILLION / 100))
            at = [max(0, (resamples * limit + 500) // 1000 - 1) for limit in (LOW, HIGH)]
            low, high = (Decimal(int(change[i])).scaleb(-9) for i in at)
            percents = (Decimal(str(round(float(share[i]), 6))) for i in at)
            rows.append(
                (
                    comparison.alternative.id, part, orgnr or None, names[orgnr or None], count,
                    Decimal(a * own - b * MILLION).scaleb(-9), low, high, *percents,
                )
            )  # fmt: skip
    return rows


def resample(
    generator: np.random.Generator,
    before: np.ndarray,
    after: np.ndarray,
    patients: np.ndarray,
    resamples: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Sums before and after (int64, shape (resamples,)) of `patients.sum()` patients drawn with replacement.

    `before`, `after`: points of each kind, thousandths; `patients`: how many there are of it; all of shape
    (kinds,).
    """
    count = int(patients.sum())
    sums = (np.zeros(resamples, dtype=np.int64), np.zeros(resamples, dtype=np.int64))
    share = patients / count
    for i in range(resamples):
        drawn = generator.multinomial(count, share)
        sums[0][i] = drawn @ before
        sums[1][i] = drawn @ after
    return sums
