"""Random deliveries: by seed, and as a Hypothesis strategy.

`random_delivery(seed, patients, density)` is plain and repeatable; the strategy lets Hypothesis make the same
choices, so that it can search and shrink. Both end in `compose`.
"""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from .generator import grouped, limits, mental, pools, somatic
from .generator.build import Builder
from .generator.dirt import spread_dirt
from .generator.formats import dress
from .generator.writing import write_delivery
from .plain.model import FIELDS, Delivery

__all__ = ["compose", "deliveries", "random_delivery", "write_delivery"]

SCENARIOS = somatic.SCENARIOS + limits.SCENARIOS + mental.SCENARIOS + grouped.SCENARIOS
#: The regions, a number nobody has, and a trust's.
RHFS = ["883658752", "983658776", "983658725", "991324968", "912345678", "993467049"]


def compose(r: Random, patients: int, density: int, dirty: bool = False, own: bool = False) -> Delivery:
    """A delivery of some patients, each with `density` scenarios on the same few days; with `own` each patient
    has one kind of scenario, so that its limits are met often."""
    tertial = r.choice([1, 2, 3, 3])
    b = Builder(r, tertial, r.choice([1, 2]), patients)
    units(b)
    for patient in b.patients:
        kinds = [r.choice(SCENARIOS)] if own else SCENARIOS
        for _ in range(density):
            r.choice(kinds)(b, patient)
    for row in b.tables["episode"]:
        if b.chance(4):
            grouped.spoil(b, row)
    npk_results(b)
    advances(b)
    dress(b)
    for rows in b.tables.values():
        if b.chance(50):
            r.shuffle(rows)
    if dirty:
        spread_dirt(b, r.choice([3, 8, 15]) * (1 + patients // 15))
    delivery = b.delivery()
    for table, rows in b.tables.items():
        if not any(FIELDS in row for row in rows) and b.chance(12):
            delivery.parquet.add(table)
    return delivery


def units(b: Builder) -> None:
    """Units with and without ISF, one reported twice, one absent; ids that differ in case only."""
    for unit, isf in [("U1", "1"), ("u1", "01"), ("10", "1"), ("U2", "2"), ("U3", ""), ("U4", "x"), ("U5", "1.0")]:
        b.add("enhet", enhetID=unit, hf=b.trusts[0], isfRefusjon=isf)
    for isf in ("1", "2"):
        b.add("enhet", enhetID="dup", hf=b.trusts[0], isfRefusjon=isf)


def npk_results(b: Builder) -> None:
    """NPK's own DRG of the stay, sometimes: the same for all, different, missing, or not in the table."""
    if not b.chance(60):
        return
    chosen = {}
    for row in b.tables["episode"]:
        key = (row["pasientID"], row["institusjonID"], row["innDatoTid"][:10], row["sektor"] == "SOM")
        somatic_pool = ["462A", "14A", "209H", "908B", "980D", "317", "801H", "362", "470", "TD32A"]
        pool = somatic_pool if key[3] else ["TD32A", "TD802A", "ZD470", "TD72B", "908B"]
        chosen.setdefault(key, b.r.choice([*pool, "9999", ""]))
        value = chosen[key] if b.chance(90) else b.r.choice(pool)
        row["npkOppholdDRG"] = b.r.choice([value, value, value.lower(), f" {value}"])


def advances(b: Builder) -> None:
    """Monthly advances inside and outside the period, and of a region nobody knows."""
    for _ in range(b.r.choice([0, 2, 5])):
        b.add(
            "akonto",
            rhf=b.r.choice(RHFS),
            sektor=b.r.choice(["SOM", "PHVTSB"]),
            maned=b.r.choice(["2024-12", "2025-01", "2025-04", "2025-05", "2025-08", "2025-09", "2025-12", "2026-01"]),
            belop=b.r.choice(["1000000", "250000,50", "99999.99", "-100", "0", "123456789012.345"]),
        )


def random_delivery(seed: int, patients: int = 4, density: int = 4, dirty: bool = False, own: bool = False) -> Delivery:
    """The delivery of a seed: always the same rows for the same arguments."""
    return compose(Random(seed), patients, density, dirty, own)


@st.composite
def deliveries(draw, max_patients: int = 3, max_density: int = 4, dirty: bool = False) -> Delivery:
    """Deliveries whose every choice Hypothesis makes, starting from few patients and scenarios."""
    patients = draw(st.integers(1, max_patients))
    density = draw(st.integers(1, max_density))
    own = draw(st.booleans())
    random = draw(st.randoms(use_true_random=False))
    return compose(random, patients, density, dirty, own)


assert pools.TIED, "the pools are read from the rule set"
