"""What a budget assumes beside the rule sets, read from the command line: prices and growth of activity."""

from collections.abc import Iterable
from decimal import Decimal

from pipelines.errors import InputRefused
from pipelines.rules.shape import SECTORS
from pipelines.simulate.compare import Budget
from pipelines.simulate.weights import number

DECIMALS = 2
LEAST_GROWTH = Decimal(-100)


def read(prices: Iterable[str], growth: Iterable[str]) -> Budget:
    """`SOM=56180` and `SOM:HDG 5=2.5`, `PHVTSB:*=-1` as a Budget. Raises InputRefused with every fault."""
    faults: list[str] = []
    asked: dict[str, Decimal] = {}
    for text in prices:
        sector, _, price = text.partition("=")
        value = _number(price)
        if sector not in SECTORS or value is None or value <= 0:
            faults.append(f"--price {text}: give SECTOR=KRONER above 0, at most {DECIMALS} decimals, e.g. SOM=56180.")
        elif sector in asked:
            faults.append(f"--price {text}: {sector} is given twice.")
        else:
            asked[sector] = value
    grown: dict[tuple[str, str], Decimal] = {}
    for text in growth:
        where, _, percent = text.rpartition("=")
        sector, _, group = where.partition(":")
        value = _number(percent)
        key = (sector, group.strip().upper())
        if sector not in SECTORS or not key[1] or value is None or value < LEAST_GROWTH:
            faults.append(
                f"--growth {text}: give SECTOR:GROUP=PER CENT, the group a DRG, STG or TFG, 'HDG 5' or *, the per cent "
                f"not below {LEAST_GROWTH} and with at most {DECIMALS} decimals, e.g. 'SOM:*=1.5'."
            )
        elif key in grown:
            faults.append(f"--growth {text}: {sector}:{key[1]} is given twice.")
        else:
            grown[key] = value
    if faults:
        raise InputRefused("The budget", faults)
    return Budget(tuple(asked.items()), tuple((*key, value) for key, value in grown.items()))


def _number(text: str) -> Decimal | None:
    value = number(text.strip())
    return None if value is None or -int(value.as_tuple().exponent) > DECIMALS else value
