"""Small pandas frames as tables: weights turned into numbered slots, so that a draw is a look-up."""

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa


def spread(values: np.ndarray, weights: np.ndarray, slots: int) -> np.ndarray:
    """The values repeated over `slots` places in proportion to their weights, in their order."""
    edges = np.round(np.cumsum(weights) / weights.sum() * slots).astype(int)
    return np.repeat(values, np.diff(edges, prepend=0))


def slotted(frame: pd.DataFrame, keys: list[str], slots: int) -> pd.DataFrame:
    """The frame with a `slot` column 0 … slots-1 per key instead of `weight`."""
    group, weight = frame.groupby(keys, sort=True).ngroup().to_numpy(), frame["weight"].to_numpy(dtype=float)
    rows = [
        spread(own, weight[own], slots) for own in map(np.flatnonzero, group == np.arange(group.max() + 1)[:, None])
    ]
    chosen = frame.iloc[np.concatenate(rows)].drop(columns="weight")
    return chosen.assign(slot=np.concatenate([np.arange(len(own)) for own in rows])).reset_index(drop=True)


def save(con: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame | pa.Table, order: str = "all") -> None:
    """The frame as a table, its rows in order."""
    # As Arrow's table: pandas' own texts would become Python's, one by one.
    given = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
    con.register("frame_view", given)
    con.execute(f"create table {name} as select * from frame_view order by {order}")
    con.unregister("frame_view")
