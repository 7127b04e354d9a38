"""The families of limits by name, and the deliveries they are settled in."""

from __future__ import annotations

from ..hand import Hand
from .systematic_clock import autumn, autumn_together, lengths, midnights
from .systematic_groups import copayments, firsts, funnel, main_conditions, medicines, procedures, windows, years
from .systematic_landing import one_fault, two_faults
from .systematic_lines import births, credits, indications, inpatient_services, names
from .systematic_stays import five_hours, gaps, regions, supplements, trim_limits, weekends

#: Families whose cases have patients of their own: they are settled together, each with its name in the ids.
FAMILIES = {
    "trim": trim_limits,
    "gap": gaps,
    "weekend": weekends,
    "hours": five_hours,
    "supplement": supplements,
    "window": windows,
    "procedure": procedures,
    "first": firsts,
    "medicine": medicines,
    "main": main_conditions,
    "funnel": funnel,
    "copayment": copayments,
    "year": years,
    "autumn": autumn,
    "autumns": autumn_together,
    "midnight": midnights,
    "length": lengths,
    "credit": credits,
    "indication": indications,
    "birth": births,
    "inpatient": inpatient_services,
    "name": names,
}
IDS = ("episodeID", "utleveringID", "pasientID")


def together(families: dict = FAMILIES) -> Hand:
    """All families in one delivery: a case is known by its family's name in its ids."""
    all_of_them = Hand()
    for name, family in families.items():
        units = {row["enhetID"] for row in all_of_them.tables["enhet"]}
        for table, rows in family().tables.items():
            for row in rows:
                row.update({key: f"{name}-{row[key]}" for key in IDS if row.get(key)})
            all_of_them.tables[table] += [row for row in rows if table != "enhet" or row["enhetID"] not in units]
    return all_of_them


#: deliveries by name; regions by (complex, simple) stays, also where no region and where another has simple stays
DELIVERIES = {
    "limits": together,
    "one fault": one_fault,
    "two faults": two_faults,
    "shares": lambda: regions((9, 11), (10, 11), (48, 52), (46, 55)),
    "small shares": lambda: regions((5, 5), (3, 0), (1, 0), (2, 2)),
    "no simple stays": lambda: regions((3, 0), (1, 0)),
}
