"""How certain is a change: the patients drawn again, many times (`isf simulate --bootstrap`).

In every resample a patient counts a Poisson number of times (mean 1), drawn by the patient's own number, the number of
the resample and the seed alone: so it does not depend on which other patients, rows or trusts there are, and a patient
counts as often in every trust. Points are whole thousandths, and sums of whole numbers below 2^53 are exact in double
precision, so every resample is exact. Calibration and limits are SQL (`sql/simulation_interval`).
"""

import math

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.engine import workspace
from pipelines.engine.models import run
from pipelines.errors import InputRefused
from pipelines.publication.result import ordered
from pipelines.publication.tables import read as read_rows
from pipelines.simulate.activity import Activity
from pipelines.simulate.compare import STAGE as EFFECT
from pipelines.simulate.compare import Comparison, table_model
from pipelines.simulate.evaluate import Evaluations, weights_of

STAGE = "simulation_interval"
FEWEST_RESAMPLES = 40
# Below this many patients the interval is too short (docs/simulation.md, coverage).
FEWEST_PATIENTS = 200
POINTS = ("base_before", "base_after", "full_before", "full_after")
CHUNK = 4096
PIECE_BITS = 16
PIECES = 64 // PIECE_BITS
# Multipliers and shifts of splitmix64 (Steele, Lea, Flood 2014).
STEP, FIRST, SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
WORD = 2**64
SHIFTS = tuple(np.uint64(n) for n in (30, 27, 31))


def check(resamples: int) -> None:
    """Raises InputRefused for too few resamples: the limits would be the extremes themselves."""
    if 0 < resamples < FEWEST_RESAMPLES:
        problem = f"{resamples} is too few; give at least {FEWEST_RESAMPLES}, and 200 or more for a steady interval."
        raise InputRefused("--bootstrap", [problem])


def add(activity: Activity, evaluations: Evaluations, comparison: Comparison, resamples: int, seed: int) -> None:
    """Make `intervaller` and, unless only weights are compared, `intervaller_full` of the comparison."""
    con, pair = activity.con, comparison.database
    activity.tell(f"bootstrap {comparison.alternative.id}")
    database = patients(activity, evaluations, comparison)
    reading = {name: f"{pair}.main.{name}" for name in ("effect", "provider", "price", "calibration")}
    names = ["intervaller"] + ([] if comparison.only_weights else ["intervaller_full"])
    make(con, database, reading, names, resamples, seed)
    for name in names:
        con.execute(f"create table {pair}.main.{name} as select * from {database}.main.{name}")
        comparison.tables[name] = read_rows(con, ordered(table_model(name), f"{pair}.main.{name}"))


def patients(activity: Activity, evaluations: Evaluations, comparison: Comparison) -> str:
    """A database with `patient_points` of the comparison: what each patient brings each trust under both sets."""
    database = activity.database("interval")
    run("simulation_patient", activity.con, into=database, reading=_patients(activity, evaluations, comparison))
    return database


def make(
    con: duckdb.DuckDBPyConnection, database: str, reading: dict[str, str], tables: list[str], resamples: int, seed: int
) -> None:
    """Resample the `patient_points` of the database, and make `interval` and these tables there. `reading`: where
    `effect`, `provider`, `price` and `calibration` are."""
    with workspace.inside(con, database):
        workspace.fill(con, "interval_option", "least_patients bigint", [(FEWEST_PATIENTS,)])
        con.register("drawn_sums", _resampled(con, resamples, seed))
        con.execute("create table resampled as select * from drawn_sums")
        con.unregister("drawn_sums")
    run(STAGE, con, into=database, reading=reading, only=["drawn_cell", "drawn_sum"])
    drawn = {"measure_sum": f"{database}.main.drawn_sum"}
    run(EFFECT, con, into=database, reading=drawn, only=["calibration_factor"])
    run(STAGE, con, into=database, only=["interval", *tables])


def _patients(activity: Activity, evaluations: Evaluations, comparison: Comparison) -> dict[str, str]:
    """What `patient_points` reads: the units of each patient, settled and under both sets, and the weights."""
    settled, pair = "look.main.patient_unit", comparison.database
    own = weights_of(activity, evaluations.settled).database
    reading = {"settled_patient_unit": settled, "settled_group": f"{own}.main.group_weight"}
    everybody = bool(comparison.reasons)
    for side, rules in (("baseline", comparison.baseline), ("alternative", comparison.alternative)):
        reading[f"{side}_group"] = f"{pair}.main.{side}_group"
        if comparison.only_weights:
            empty = activity.database("nobody")
            activity.con.execute(f"create view {empty}.main.patient_unit as select * from {settled} limit 0")
            reading[f"{side}_patient_unit"] = f"{empty}.main.patient_unit"
        else:
            reading[f"{side}_patient_unit"] = evaluations.patients(rules, everybody=everybody)
    return reading


def _resampled(con: duckdb.DuckDBPyConnection, resamples: int, seed: int) -> pa.Table:
    """Per trust, region of residence and draw the summed thousandths before and after."""
    groups = con.execute(
        "select sector, hf_orgnr, residence_rhf_orgnr, count(*) from patient_points group by all order by all"
    ).fetchall()
    columns = con.execute(
        f"select draw_number, {', '.join(POINTS)} from patient_points order by sector, hf_orgnr, residence_rhf_orgnr"
    ).fetchnumpy()
    numbers = columns["draw_number"].astype(np.uint64)
    values = np.stack([columns[name] for name in POINTS]).astype(np.float64)
    at, sums = 0, [np.zeros((len(POINTS), 0), dtype=np.int64)]
    for *_, count in groups:
        sums.append(resample(numbers[at : at + count], values[:, at : at + count], resamples, seed))
        at += count
    made = {
        name: pa.array([group[n] for group in groups for _ in range(resamples)], pa.string())
        for n, name in enumerate(("sector", "hf_orgnr", "residence_rhf_orgnr"))
    }
    made["draw"] = pa.array(np.tile(np.arange(1, resamples + 1), len(groups)))
    return pa.table(made | dict(zip(POINTS, np.concatenate(sums, axis=1), strict=True)))


def resample(numbers: np.ndarray, values: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    """Sums of the resamples, int64 of shape (k, resamples).

    `numbers`: uint64, one per patient, shape (n,); `values`: whole numbers as float64, shape (k, n), with sums below
    2^53 so that they are exact.
    """
    sums = np.zeros((values.shape[0], resamples), dtype=np.float64)
    for at in range(0, len(numbers), CHUNK):
        drawn = times(numbers[at : at + CHUNK], resamples, seed).astype(np.float64)
        # Not by BLAS, whose threads would be more than those that the user gave.
        sums += np.einsum("kn,nr->kr", values[:, at : at + CHUNK], drawn, optimize=False)
    return sums.astype(np.int64)


def times(numbers: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    """How many times each patient counts in each resample: Poisson with mean 1, uint8 of shape (n, resamples)."""
    steps = np.arange(1, 1 + -(-resamples // PIECES), dtype=np.uint64) * STEP
    start = np.uint64(seed * int(STEP) % WORD)
    mixed = _mix(_mix(numbers + start)[:, None] + steps[None, :])
    pieces = mixed.view(np.uint16)
    counted = np.zeros(pieces.shape, dtype=np.uint8)
    for more in AT_LEAST:
        counted += pieces >= more
    return counted[:, :resamples]


def _mix(numbers: np.ndarray) -> np.ndarray:
    """The finish of splitmix64: every bit of the result depends on every bit of the number."""
    numbers = (numbers ^ (numbers >> SHIFTS[0])) * FIRST
    numbers = (numbers ^ (numbers >> SHIFTS[1])) * SECOND
    return numbers ^ (numbers >> SHIFTS[2])


def _at_least() -> list[np.uint16]:
    """The pieces of 16 bits from which a patient counts at least once, twice, ...: Poisson with a mean of exactly 1."""
    size = 1 << PIECE_BITS
    counts: list[int] = []
    chance, left = math.exp(-1), float(size)
    number = 0
    while not counts or counts[-1]:
        left -= chance * size
        counts.append(round(left))
        number += 1
        chance /= number
    counts[0] += size - sum(counts)  # the mean is the sum of the chances to count at least once, twice, ...
    return [np.uint16(size - count) for count in counts if count]


AT_LEAST = _at_least()
