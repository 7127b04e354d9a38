"""`simulering.html`: one self-contained page in Norwegian, in the directorate's table layout. Pure: a
scenario in, text out. Every number is rounded once, here."""

from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path

import jinja2

from pipelines.publication import chart, norwegian
from pipelines.publication import page as shared
from pipelines.simulate import layout
from pipelines.simulate.assumptions import assumptions, assumptions_full
from pipelines.simulate.compare import Comparison, differences

TEMPLATES = Path(__file__).resolve().parent / "templates"
PARTS = (
    ("vekter", "Vekter"),
    ("omgruppering", "Omgruppering"),
    ("tillegg_fradrag", "Tillegg og fradrag"),
    ("telleregel", "Telleregel"),
    ("kalibrering", "Kalibrering"),
)
TOP_GROUPS = 30
SHOWN_MOVES = 40


@cache
def environment() -> jinja2.Environment:
    """The shared environment with the simulation's numbers."""
    found = shared.environment(TEMPLATES)
    found.filters |= {
        "endring": lambda value: norwegian.number(value, 0),
        "en": lambda value: norwegian.number(value, 1),
        "faktor": lambda value: norwegian.number(value, 6),
        "vekt": lambda value: norwegian.number(value, 3),
        "enhet": unit_name,
    }
    return found


def build(scenario) -> str:
    """The page of a scenario; the same scenario gives the same text."""
    views = [view(scenario, comparison) for comparison in scenario.comparisons]
    return (
        environment()
        .get_template("simulering.html.j2")
        .render(
            scenario=scenario,
            views=views,
            baseline=scenario.comparisons[0].baseline,
            is_draft=any(rules["status"] != "final" for rules in scenario.facts["rulesets"]),
            side_by_side=side_by_side(scenario) if len(views) > 1 else [],
            parts=PARTS,
            program=scenario.facts["program"],
        )
    )


def rows_of(comparison: Comparison, name: str, measure: str | None = None, sector: str | None = None) -> list[dict]:
    """Rows of a table of the comparison, of one measure and sector if given."""
    return [
        row
        for row in comparison.tables[name].dicts()
        if (measure is None or row.get("maal") == measure) and (sector is None or row["sektor"] == sector)
    ]


def sectors(comparison: Comparison) -> list[str]:
    found = {row["sektor"] for row in comparison.tables["endring_rhf"].dicts()}
    return [sector for sector in ("SOM", "PHVTSB") if sector in found]


def unit_name(row: dict) -> str:
    """The name of the trust or region that a row is about."""
    return row["hf"] if "hf" in row else row["bosted_rhf"]


def view(scenario, comparison: Comparison) -> dict:
    """Everything the template shows of one alternative."""
    intervals = {}
    if scenario.intervals:
        for row in scenario.intervals.dicts():
            if row["alternativ"] == comparison.alternative.id:
                intervals[row["sektor"], row["hf_orgnr"]] = row
    return {
        "comparison": comparison,
        "id": comparison.alternative.id,
        "differences": differences(comparison.baseline, comparison.alternative),
        "assumptions": assumptions(comparison),
        "assumptions_full": assumptions_full(comparison),
        "sectors": [_sector(comparison, sector, intervals) for sector in sectors(comparison)],
        "moves": sorted(rows_of(comparison, "migrering"), key=lambda r: -r["antall"])[:SHOWN_MOVES],
        "moves_total": sum(row["antall"] for row in comparison.tables["migrering"].dicts()),
        "rules": [row for row in comparison.tables["endring_regel"].dicts()],
        "factors": comparison.factors,
    }


def _sector(comparison: Comparison, sector: str, intervals: dict) -> dict:
    base = {name: rows_of(comparison, name, "base", sector) for name in ("endring_rhf", "endring_hf")}
    whole = comparison.measure
    trusts = rows_of(comparison, "endring_hf", whole, sector)
    ordered = sorted(trusts, key=lambda r: (r["endring"], unit_name(r)))
    bars, zero = chart.diverging(
        [
            (unit_name(r), r["endring"], norwegian.number(r["endring"], 0, True),
             layout.percent(r["endring"], r["poeng_utgangspunkt"]))
            for r in reversed(ordered)
        ]
    )  # fmt: skip
    parts, parts_zero = chart.around_zero(
        [
            (unit_name(r), [(f"del{i}", r[name]) for i, (name, _) in enumerate(PARTS)],
             norwegian.number(r["endring"], 0, True), "")
            for r in reversed(ordered)
        ]
    )  # fmt: skip
    groups = sorted(
        rows_of(comparison, "endring_gruppe", whole, sector), key=lambda r: (-abs(r["endring"]), r["gruppe"])
    )
    changed = [row for row in groups if row["endring"]]
    drivers, drivers_zero = chart.diverging(
        [
            (
                f"{r['gruppe']} {r['navn'] or ''}"[:70],
                r["endring"],
                norwegian.number(r["endring"], 0, True),
                "",
            )
            for r in changed[:15]
        ]
    )
    per_trust = defaultdict(list)
    for row in rows_of(comparison, "drivere", whole, sector):
        per_trust[row["hf_orgnr"], unit_name(row)].append(row)
    return {
        "sector": sector,
        "regions": _directorate(base["endring_rhf"]),
        "trusts": _directorate(base["endring_hf"], {k[1]: v for k, v in intervals.items() if k[0] == sector}),
        "has_intervals": any(key[0] == sector for key in intervals),
        "whole_trusts": sorted(trusts, key=lambda r: (-r["poeng_utgangspunkt"], unit_name(r))),
        "whole_regions": sorted(
            rows_of(comparison, "endring_rhf", whole, sector),
            key=lambda r: (-r["poeng_utgangspunkt"], unit_name(r)),
        ),
        "total": total(trusts),
        "bars": bars,
        "zero": zero,
        "parts": parts,
        "parts_zero": parts_zero,
        "drivers": drivers,
        "drivers_zero": drivers_zero,
        "groups": changed[:TOP_GROUPS],
        "groups_changed": len(changed),
        "per_trust": [
            {"name": name, "rows": rows, "net": rows[0]["endring_hf"]} for (_, name), rows in sorted(
                per_trust.items(), key=lambda item: norwegian.alphabetical(item[0][1])
            )
        ],
        "hdg": rows_of(comparison, "endring_hdg", whole, sector),
        "flows": _matrix(rows_of(comparison, "endring_gjestestrom", whole, sector)),
        "bands": rows_of(comparison, "vinnere_tapere", "base" if comparison.only_weights else "full", sector),
    }  # fmt: skip


def _directorate(rows: list[dict], intervals: dict | None = None) -> list[dict]:
    """The printed lines with the interval of each trust, in the directorate's order."""
    values = {}
    for row in rows:
        values[unit_name(row)] = (row["poeng_utgangspunkt"], row["poeng_alternativ"], row.get("hf_orgnr"))
    lines = layout.table([(name, before, after) for name, (before, after, _) in values.items()])
    printed = []
    for entry in lines:
        orgnr = values.get(entry.unit, (None, None, None))[2]
        limit = (intervals or {}).get(orgnr) if entry.unit in values else None
        text = (
            f"{norwegian.number(limit['prosent_lav'], 2)} til "
            f"{norwegian.number(limit['prosent_hoy'], 2)}{norwegian.NBSP}%"
            if limit
            else ""
        )
        printed.append({**entry._asdict(), "interval": text, "is_total": entry.unit == layout.TOTAL})
    return printed


def total(rows: list[dict]) -> dict:
    """Sums of the columns with points and kroner."""
    names = ["poeng_utgangspunkt", *(name for name, _ in PARTS), "poeng_alternativ", "endring", "endring_kr"]
    return {name: sum((row[name] for row in rows), Decimal(0)) for name in names}


def _region(row: dict) -> str:
    return unit_name({key: row[key] for key in ("bosted_rhf", "bosted_rhf_orgnr")})


def _matrix(rows: list[dict]) -> dict:
    """Guest flows as trusts by regions: the change in points."""
    regions = sorted({_region(row) for row in rows}, key=norwegian.alphabetical)
    cells: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        region = _region(row)
        line = cells.setdefault(unit_name(row), {})
        line[region] = line.get(region, Decimal(0)) + row["endring"]
    return {
        "regions": regions,
        "rows": [
            {"name": name, "cells": [line.get(region) for region in regions]}
            for name, line in sorted(cells.items(), key=lambda item: norwegian.alphabetical(item[0]))
        ],
    }


def side_by_side(scenario) -> list[dict]:
    """Per sector and kind of unit: the directorate's table with a change and per cent per alternative."""
    found = []
    first = scenario.comparisons[0]
    for sector in sectors(first):
        for name, title in (("endring_rhf", "RHF (sørge for)"), ("endring_hf", "Foretak")):
            columns = []
            for comparison in scenario.comparisons:
                columns.append({unit_name(r): r for r in rows_of(comparison, name, "base", sector)})
            units = sorted(columns[0], key=lambda unit: -columns[0][unit]["poeng_utgangspunkt"])
            lines = [
                {
                    "unit": unit,
                    "before": columns[0][unit]["poeng_utgangspunkt"],
                    "cells": [
                        (
                            c[unit]["endring"],
                            layout.percent(c[unit]["endring"], c[unit]["poeng_utgangspunkt"]),
                        )
                        if unit in c
                        else (None, "–")
                        for c in columns
                    ],
                }
                for unit in units
            ]
            sums = [
                (sum(r["poeng_utgangspunkt"] for r in c.values()), sum(r["endring"] for r in c.values()))
                for c in columns
            ]
            found.append(
                {
                    "sector": sector,
                    "title": title,
                    "rows": lines,
                    "before": sums[0][0],
                    "cells": [(change, layout.percent(change, before)) for before, change in sums],
                }
            )
    return found
