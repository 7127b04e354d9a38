"""The families of limits by name."""

from __future__ import annotations

from .systematic_groups import (
    copayments,
    firsts,
    funnel,
    main_conditions,
    medicines,
    procedures,
    windows,
    years,
)
from .systematic_landing import one_fault, two_faults
from .systematic_stays import five_hours, gaps, regions, supplements, trim_limits, weekends

FAMILIES = {
    "trim limits": trim_limits,
    "gaps": gaps,
    "weekends": weekends,
    "five hours": five_hours,
    "supplements": supplements,
    "windows": windows,
    "procedures": procedures,
    "firsts": firsts,
    "medicines": medicines,
    "main conditions": main_conditions,
    "funnel": funnel,
    "copayments": copayments,
    "years": years,
    "one fault": one_fault,
    "two faults": two_faults,
}
for _case in [
    (9, 11, 0),
    (10, 11, 0),
    (5, 5, 1),
    (3, 0, 2),
    (3, 0, 0),
    (1, 0, 1),
    (48, 52, 3),
    (46, 55, 0),
    (2, 2, 0),
]:
    FAMILIES["regions {} {} {}".format(*_case)] = lambda case=_case: regions(*case)
