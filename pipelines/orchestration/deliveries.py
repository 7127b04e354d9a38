"""The deliveries as partitions, and where their files lie."""

import contextlib
import os
import re
from pathlib import Path
from urllib.parse import quote

import dagster as dg

from pipelines.errors import IsfError
from pipelines.rules import load as rulesets

# Of a tertial two deliveries are due (delivery contract): the first and the final one.
DUE = ("first_delivery_due", "final_delivery_due")


def names() -> list[str]:
    """`year-tertial-number` of every delivery that the final rule sets have a period and a date for."""
    found = set()
    for name in rulesets.available():
        rules = rulesets.read(name)
        if rules.status != "final":
            continue
        for period in rules.tables["delivery_period"]:
            for number, due in enumerate(DUE, 1):
                if period[due]:
                    found.add(f"{rules.activity_year}-T{period['tertial']}-{number}")
    return sorted(found)


DELIVERIES = dg.StaticPartitionsDefinition(names())


def home() -> Path:
    """Folder of warehouses and published settlements: ISF_HOME, or isf-data where Dagster was started."""
    return Path(os.environ.get("ISF_HOME") or "isf-data").resolve()


def parent() -> Path:
    """Where the folders of deliveries lie: ISF_DELIVERIES, or `<home>/deliveries`."""
    return Path(os.environ.get("ISF_DELIVERIES") or home() / "deliveries").resolve()


def marked() -> str:
    """Which partitions have a folder now, and which have none, in a sentence."""
    there: list[str] = []
    for name in names():
        with contextlib.suppress(OSError):  # it cannot be looked into: as good as none
            there += [name] if (parent() / name).is_dir() else []
    absent = [name for name in names() if name not in there]
    return f"With a folder: {', '.join(there) or 'none'}. Without one: {', '.join(absent) or 'none'}."


def link(path: Path) -> dg.MetadataValue:
    """A file of the home as `isf serve` shows it, where ISF_SERVE is its address; else its place on the disk: a browser
    follows no link from a page to a file."""
    address = os.environ.get("ISF_SERVE", "").rstrip("/")
    if not address or not path.is_relative_to(home()):
        return dg.MetadataValue.path(str(path))
    return dg.MetadataValue.url(f"{address}/fil/{quote(path.relative_to(home()).as_posix())}")


def folder(delivery: str) -> Path:
    """The delivery's folder. Raises IsfError with the remedy."""
    path = parent() / delivery
    if not path.is_dir():
        year, tertial, number = re.findall(r"\d+", delivery)
        raise IsfError(
            f"There is no delivery {delivery}: the folder {path} does not exist. Put the delivery there, or"
            " name the folder that holds it in ISF_DELIVERIES. To make a synthetic one:"
            f" isf generate --out {parent()} --year {year} --tertial {tertial} --delivery {number}"
        )
    return path
