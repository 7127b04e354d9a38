"""The plan of a year: how many stays of each item at each provider, so that points meet the published totals.

Providers get the published points of their trust; the rest is shared among private providers as
`providers.csv` says. The mix of items is the national one, bent by the provider's profile, and raked until
each provider's points are exact. Residence is raked the same way: provider × home region. Creates
`provider`, `cell` and `flow_slot`.
"""

import math

import duckdb
import numpy as np
import pandas as pd

from pipelines.generate import calendar, people, refs, tables
from pipelines.generate.frames import save, spread
from pipelines.generate.randomness import number

SECTORS = ("SOM", "PHVTSB")
SLOTS = 2000
_COURSE_BITS = 24


def create_plan(con: duckdb.DuckDBPyConnection, scale: float, seed: int, chunk_stays: int = 600_000) -> dict[str, int]:
    """Create the plan's tables; the number of chunks the year is made in, and the numbers of slots."""
    tables.create(con, "provider")
    items = con.execute("select * from item order by item_nr").df()
    cells = pd.concat([_cells(con, items, sector, scale, seed) for sector in SECTORS], ignore_index=True)
    cells["base"] = cells["n_total"].cumsum() - cells["n_total"]
    cells["cell_nr"] = np.arange(1, len(cells) + 1)
    cells["chunk"] = _chunks(cells, chunk_stays)
    save(con, "cell", cells, "cell_nr")
    save(con, "flow_slot", pd.concat([_flow_slots(con, sector) for sector in SECTORS], ignore_index=True))
    return {
        "chunks": int(cells["chunk"].max()),
        "flow_slots": SLOTS,
        "age_slots": people.AGE_SLOTS,
        "place_slots": people.SLOTS,
        "day_slots": calendar.DAY_SLOTS,
        "hour_slots": calendar.HOUR_SLOTS,
        "institution_slots": people.INSTITUTION_SLOTS,
    }


def _factors(con: duckdb.DuckDBPyConnection, sector: str, providers: pd.DataFrame, items: pd.DataFrame) -> np.ndarray:
    """How much more or less than the national mix a provider has of each item."""
    found = refs.rows(con, "select scope, key_type, key, factor from syn.factors where sector = ?", [sector])
    keys = {
        "level": items["level"].astype(str),
        "hdg": items["hdg"].astype("Int64").astype(str),
        "setting": items["setting"],
        "sektor": items["sektor"],
        "drg": items["code"],
    }
    numbered = {kind: pd.factorize(column, use_na_sentinel=False) for kind, column in keys.items()}
    result = np.ones((len(providers), len(items)))
    for h, provider in enumerate(providers.itertuples()):
        mine = [f for f in found if f["scope"] in (provider.profile, provider.hf, provider.rhf)]
        for kind, (places, values) in numbered.items():
            of_kind = {f["key"]: f["factor"] for f in mine if f["key_type"] == kind}
            if of_kind:
                usual = of_kind.get("*", 1.0)
                result[h] *= np.array([of_kind.get(value, usual) for value in values], dtype=float)[places]
    return result


def _rake(matrix: np.ndarray, rows: np.ndarray, columns: np.ndarray, times: int = 60) -> np.ndarray:
    """Iterative proportional fitting; rows are exact, columns as near as the pattern of zeros allows."""
    for _ in range(times):
        sums = matrix.sum(axis=0)
        matrix = matrix * np.divide(columns, sums, out=np.ones_like(sums), where=sums > 0)
        sums = matrix.sum(axis=1)
        matrix = matrix * np.divide(rows, sums, out=np.zeros_like(sums), where=sums > 0)[:, None]
    return matrix


def _points(con: duckdb.DuckDBPyConnection, items: pd.DataFrame) -> np.ndarray:
    """Points that a stay of each item brings, its companions included."""
    extra = con.execute("""
        select parent_item, sum(mean * points) from companion
        where kind in ('visit', 'indirect') group by 1""").fetchall()
    return (items["points"] + items["item_nr"].map(dict(extra)).fillna(0)).to_numpy(dtype=float)


def _expected(
    con: duckdb.DuckDBPyConnection,
    sector: str,
    providers: pd.DataFrame,
    items: pd.DataFrame,
    points: np.ndarray,
) -> np.ndarray:
    """Expected stays of a national year, provider × item."""
    volume = items["volume"].to_numpy(dtype=float)
    target = providers["points"].to_numpy(dtype=float)
    weight = _factors(con, sector, providers, items) * volume * target[:, None]
    paid = points > 0
    value = _rake(
        weight[:, paid] * points[paid],
        target,
        volume[paid] * points[paid] * target.sum() / (volume * points).sum(),
    )
    expected = np.zeros_like(weight)
    expected[:, paid] = value / points[paid]
    unpaid = weight[:, ~paid]
    expected[:, ~paid] = unpaid * (volume[~paid] / np.maximum(unpaid.sum(axis=0), 1e-9))
    return expected


def _cells(con: duckdb.DuckDBPyConnection, items: pd.DataFrame, sector: str, scale: float, seed: int) -> pd.DataFrame:
    """Whole numbers of stays per provider, item and course variant."""
    items = items[items["sector"] == sector].reset_index(drop=True)
    providers = con.execute("select * from provider where sector = ? order by hf", [sector]).df()
    points = _points(con, items)
    expected = _expected(con, sector, providers, items, points) * scale
    courses = con.execute("select * from syn.courses order by course, variant").df()
    excluded = dict(
        con.execute("select setting, sum(share) from syn.exclusions where sector = ? group by 1", [sector]).fetchall()
    )
    wide = items[["item_nr", "course", "setting"]].assign(points=points).reset_index().merge(courses, on="course")
    wide = wide.sort_values(["points", "item_nr", "variant"], ascending=[False, True, True], kind="stable").reset_index(
        drop=True
    )
    anywhere = wide["setting"].isin(list("ADEK")) * excluded.get("*", 0.0)
    left_out = (wide["setting"].map(excluded).fillna(0) + anywhere).to_numpy()
    index, share, worth = (wide[name].to_numpy() for name in ("index", "share", "points"))
    counted, extra = np.zeros((2, len(providers), len(wide)), dtype=np.int64)
    for h, hf in enumerate(providers["hf"]):
        want = expected[h, index] * share
        key = number(seed, sector, hf)
        counted[h] = _whole(want, worth, key)
        extra[h] = _whole(want * left_out, np.zeros(len(want)), key + 1)
    _show_every_rule(counted, wide, items, expected)
    at, of = np.nonzero(counted + extra)
    kept = wide.drop(columns=["index", "share", "course", "variant", "setting", "points"]).iloc[of]
    return kept.assign(
        sector=sector,
        hf=providers["hf"].array.take(at),
        n=counted[at, of],
        n_excluded=extra[at, of],
        n_total=(counted + extra)[at, of],
    )


def _whole(want: np.ndarray, points: np.ndarray, key: int) -> np.ndarray:
    """Whole numbers, rounded by lot, whose running sum of points (or of rows, without points) follows `want`.

    What rounding an expensive item leaves over goes to the next cheaper: the sum is right to a cheap contact.
    """
    lots = np.random.default_rng(key).random(len(want))
    result = np.zeros(len(want), dtype=np.int64)
    for chosen in (points > 0, points <= 0):
        over, whole = 0.0, []
        values = np.where(points > 0, points, 1.0)[chosen]
        # Python's own numbers: what an array gives one by one takes five times as long.
        for value, wanted, lot in zip(values.tolist(), want[chosen].tolist(), lots[chosen].tolist(), strict=True):
            over += wanted * value
            whole.append(max(0, math.floor(over / value + lot)))
            over -= whole[-1] * value
        result[chosen] = whole
    return result


def _show_every_rule(counted: np.ndarray, wide: pd.DataFrame, items: pd.DataFrame, expected: np.ndarray) -> None:
    """At a small scale, give rare items that carry a rule their least number, where they are most usual.

    `counted`: stays, provider × row of `wide`; it is changed. `expected`: provider × item.
    """
    of_item = wide["item_nr"].to_numpy()
    for i, (item_nr, least) in enumerate(zip(items["item_nr"], items["at_least"], strict=True)):
        if least > 0:
            variants = np.flatnonzero(of_item == item_nr)
            missing = int(least - counted[:, variants].sum())
            if missing > 0:
                counted[expected[:, i].argmax(), variants[0]] += missing


def _chunks(cells: pd.DataFrame, most: int) -> np.ndarray:
    """Whole providers per chunk, as many as make about `most` stays."""
    chunk, filled, numbers = 1, 0, []
    for size in cells.groupby(["sector", "hf"], sort=False)["n_total"].sum():
        if filled and filled + size > most:
            chunk, filled = chunk + 1, 0
        numbers.append(chunk)
        filled += size
    return np.array(numbers)[cells.groupby(["sector", "hf"], sort=False).ngroup()]


def residence_matrix(con: duckdb.DuckDBPyConnection, sector: str) -> tuple[pd.DataFrame, list[str], np.ndarray]:
    """Providers, regions and the points of each provider's patients by home region."""
    providers = con.execute("select * from provider where sector = ? order by hf", [sector]).df()
    regions = con.execute(
        "select orgnr, points from syn.targets where kind = 'residence' and sector = ? order by orgnr",
        [sector],
    ).fetchall()
    seeds = {
        (f["hf_orgnr"], f["residence_rhf"]): f["weight"]
        for f in refs.rows(con, "select hf_orgnr, residence_rhf, weight from syn.flows where sector = ?", [sector])
    }
    default = seeds[("*", "*")]
    matrix = np.zeros((len(providers), len(regions)))
    for h, provider in enumerate(providers.itertuples()):
        for r, (region, _) in enumerate(regions):
            matrix[h, r] = 1.0 if region == provider.rhf else seeds.get((provider.hf, region), default)
    rows = providers["points"].to_numpy(dtype=float)
    columns = np.array([points for _, points in regions], dtype=float)
    return (
        providers,
        [r for r, _ in regions],
        _rake(matrix * rows[:, None], rows, columns * rows.sum() / columns.sum(), 400),
    )


def _flow_slots(con: duckdb.DuckDBPyConnection, sector: str) -> pd.DataFrame:
    """`flow_slot`: for each provider, which home trust a patient of slot 0 … SLOTS-1 comes from."""
    providers, regions, matrix = residence_matrix(con, sector)
    homes = con.execute("select home_idx, hf, rhf, population from home order by home_idx").df()
    per_head = providers["points"].sum() / homes["population"].sum()
    population, home_hf = homes["population"].to_numpy(dtype=float), homes["hf"].to_numpy(dtype=object)
    in_region = [(homes["rhf"] == region).to_numpy() for region in regions]
    places = []
    for h, provider in enumerate(providers.itertuples()):
        share = np.zeros(len(homes))
        for r, inside in enumerate(in_region):
            weight = population * inside
            own = (home_hf == provider.hf) & inside
            if own.any():
                mine = min(0.9, float(weight[own].sum()) * per_head / provider.points)
                weight = np.where(own, mine, (1 - mine) * weight / max(weight[~own].sum(), 1))
            share += matrix[h, r] / matrix[h].sum() * weight / weight.sum()
        places.append(spread(homes["home_idx"].to_numpy(), share, SLOTS))
    at, slot = np.divmod(np.arange(SLOTS * len(providers)), SLOTS)
    hf = providers["hf"].array.take(at)
    return pd.DataFrame({"sector": sector, "hf": hf, "slot": slot, "home_idx": np.concatenate(places)})
