"""Which cluster, as the command line says it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cluster:
    """Where Spark is, and the place that this machine and its executors both see.

    `master`: its address, None for what the platform gives; `buckets`: into how many the patients go;
    `exchange`: the place as a path here, by default in the home; `exchange_url`: the same place as Spark names it;
    `tables`: where the results go as tables too, a schema of the catalog or `parquet:ADDRESS`.
    """

    master: str | None = None
    buckets: int | None = None
    exchange: Path | None = None
    exchange_url: str | None = None
    tables: str | None = None
