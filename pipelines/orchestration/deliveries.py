"""The deliveries as partitions, and where their files lie."""

import os
import re
from pathlib import Path

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


def folder(delivery: str) -> Path:
    """The delivery's folder, in ISF_DELIVERIES or `<home>/deliveries`. Raises IsfError with the remedy."""
    parent = Path(os.environ.get("ISF_DELIVERIES") or home() / "deliveries").resolve()
    path = parent / delivery
    if not path.is_dir():
        year, tertial, number = re.findall(r"\d+", delivery)
        raise IsfError(
            f"There is no delivery {delivery}: the folder {path} does not exist. Put the delivery there, or"
            " name the folder that holds it in ISF_DELIVERIES. To make a synthetic one:"
            f" isf generate --out {parent} --year {year} --tertial {tertial} --delivery {number}"
        )
    return path
