"""`simulering.html`: one self-contained page in Norwegian. It answers first (a sentence and tiles), then shows the
directorate's tables with the changes drawn in them, and keeps causes and groups in details. Pure: a scenario in, text
out. Every number is rounded once, here."""

from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from pipelines.publication import chart, columns, norwegian
from pipelines.publication import page as shared
from pipelines.publication import words as labels
from pipelines.simulate import answer, layout
from pipelines.simulate import assumptions as texts
from pipelines.simulate.bootstrap import FEWEST_PATIENTS
from pipelines.simulate.compare import Comparison, table_model

TEMPLATES = Path(__file__).resolve().parent / "templates"
PARTS = (
    ("vekter", "Vekter"),
    ("omgruppering", "Omgruppering"),
    ("tillegg_fradrag", "Tillegg og fradrag"),
    ("telleregel", "Telleregel"),
    ("kalibrering", "Kalibrering"),
)
MEASURES = ("full", "base")
TITLES = columns.MEASURES
TOP_GROUPS = 30
SHOWN_MOVES = 40


@cache
def environment() -> jinja2.Environment:
    """The shared environment with the simulation's numbers."""
    found = shared.environment(TEMPLATES)
    found.filters |= {
        "en": lambda value: norwegian.number(value, 1, sign=True),
        "nivaa": lambda value: norwegian.number(value, 1),
        "faktor": lambda value: norwegian.number(value, 6),
        "vekt": lambda value: norwegian.number(value, 3),
        "enhet": unit_name,
    }
    found.globals |= {"endring_prosent": layout.percent, "tall": norwegian.number, "fewest": FEWEST_PATIENTS}
    return found


def build(scenario, *, in_home: bool = False) -> str:
    """The page of a scenario; the same scenario gives the same text."""
    views = [view(scenario, comparison) for comparison in scenario.comparisons]
    return (
        environment()
        .get_template("simulering.html.j2")
        .render(
            scenario=scenario,
            above=shared.above([scenario.activity.delivery]) if in_home else [],
            views=views,
            baseline=scenario.comparisons[0].baseline,
            baseline_changes=texts.changes(scenario.comparisons[0].baseline),
            is_draft=any(rules["status"] != "final" for rules in scenario.facts["rulesets"]),
            side_by_side=side_by_side(scenario) if len(views) > 1 else [],
            parts=PARTS,
            part_names={f"del{at}": text for at, (_, text) in enumerate(PARTS)},
            files=[(name, table_model(name).header["title"]) for name in scenario.tables],
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


def measures(comparison: Comparison) -> list[str]:
    """The measures of the comparison: what is paid first."""
    return ["base"] if comparison.only_weights else list(MEASURES)


def rule_names(comparison: Comparison) -> dict[str, str]:
    """The rules of both sets by paragraph and title."""
    both = (*comparison.baseline.tables["rule"], *comparison.alternative.tables["rule"])
    return {row["rule"]: f"§{row['paragraph']} {row['title']}" for row in both}


def unit_name(row: dict) -> str:
    """The name of the trust or region that a row is about."""
    return row["hf"] if "hf" in row else row["bosted_rhf"]


def is_changed(comparison: Comparison, measure: str, sector: str) -> bool:
    """Whether any trust or region of the sector changes in the measure."""
    return any(
        row["endring"] for name in ("endring_hf", "endring_rhf") for row in rows_of(comparison, name, measure, sector)
    )


def view(scenario, comparison: Comparison) -> dict:
    """Everything the template shows of one alternative."""
    moves = [row for row in comparison.tables["migrering_land"].dicts() if row["flytter"]]
    found = [_sector(comparison, sector) for sector in sectors(comparison)]
    return {
        "comparison": comparison,
        "id": comparison.alternative.id,
        "changes": texts.changes(comparison.alternative),
        "assumed": texts.of_both(comparison.baseline, comparison.alternative),
        "methods": {measure: texts.method(comparison, measure) for measure in measures(comparison)},
        "sectors": found,
        "several_changed": sum(sector["changed"] for sector in found) > 1,
        "moves": sorted(moves, key=lambda r: -r["antall"])[:SHOWN_MOVES],
        "moves_total": sum(row["antall"] for row in moves),
        "each": _each(comparison),
        "neutral": comparison.tables["noytral"].dicts() if "noytral" in comparison.tables else [],
        "statement": _statement(comparison),
        "large": [row for row in comparison.tables["vektendringer"].dicts() if row["over_halvparten"]],
        "rules": comparison.tables["endring_regel"].dicts(),
        "rule_names": rule_names(comparison),
        "factors": comparison.factors,
    }


def _sector(comparison: Comparison, sector: str) -> dict:
    """A sector: its answer, the directorate's tables of each measure, and what the details show."""
    whole = comparison.measure
    trusts = rows_of(comparison, "endring_hf", whole, sector)
    main = next((row for row in rows_of(comparison, "hovedtall", whole, sector)), None)
    places = layout.decimals(row["endring"] for row in trusts)
    tables = [_measure(comparison, measure, sector) for measure in measures(comparison)]
    ordered = sorted(trusts, key=lambda r: (-r["endring"], unit_name(r)))
    parts, parts_zero = chart.around_zero(
        [
            (unit_name(r), [(f"del{i}", r[name]) for i, (name, _) in enumerate(PARTS)],
             norwegian.number(r["endring"], places, True), "")
            for r in ordered
        ]
    )  # fmt: skip
    groups = sorted(
        rows_of(comparison, "endring_gruppe", whole, sector), key=lambda r: (-abs(r["endring"]), r["gruppe"])
    )
    changed = [row for row in groups if row["endring"]]
    per_trust = defaultdict(list)
    for row in rows_of(comparison, "drivere", whole, sector):
        per_trust[row["hf_orgnr"], unit_name(row)].append(row)
    return {
        "sector": sector,
        "changed": any(table["changed"] for table in tables),
        "sentence": answer.sentence(main, places) if main else "",
        "tiles": answer.tiles(main, places) if main else [],
        "causes": answer.causes(main, _uncalibrated(comparison, whole, sector)) if main and whole == "full" else "",
        "measures": tables,
        "whole_trusts": sorted(trusts, key=lambda r: (-r["poeng_utgangspunkt"], unit_name(r))),
        "whole_regions": sorted(rows_of(comparison, "endring_rhf", whole, sector), key=unit_name),
        "total": total(trusts),
        "parts": parts,
        "parts_zero": parts_zero,
        "groups": changed[:TOP_GROUPS],
        "groups_changed": len(changed),
        "per_trust": [
            {"name": name, "rows": rows, "net": rows[0]["endring_hf"]}
            for (_, name), rows in sorted(per_trust.items(), key=lambda item: norwegian.alphabetical(item[0][1]))
            if any(row["endring"] for row in rows)
        ],
        "residents_and_trusts": rows_of(comparison, "endring_region", whole, sector),
        "classes": rows_of(comparison, "endring_klasse", whole, sector),
        "counties": [row for row in rows_of(comparison, "endring_fylke", whole, sector) if row["fylke"]],
        "hdg": [row for row in rows_of(comparison, "endring_hdg", whole, sector) if row["endring"]],
        "flows": _matrix(rows_of(comparison, "endring_gjestestrom", whole, sector)),
        "bands": rows_of(comparison, "vinnere_tapere", whole, sector),
    }


def _uncalibrated(comparison: Comparison, measure: str, sector: str) -> Decimal:
    """The change of the country in points, before calibration."""
    factor = next(f for f in comparison.factors if (f["measure"], f["sector"]) == (measure, sector))
    return factor["points_after"] - factor["points_before"]


def _each(comparison: Comparison) -> list[dict]:
    """Per changed sector: each change alone for the country, with the regions beside it; the last line is the sum."""
    if "endring_per_tiltak" not in comparison.tables:
        return []
    found = []
    for sector in sectors(comparison):
        if not is_changed(comparison, comparison.measure, sector):
            continue
        rows = rows_of(comparison, "endring_per_tiltak", comparison.measure, sector)
        country = [row for row in rows if row["nivaa"] == "land"]
        regions = sorted({row["navn"] for row in rows if row["nivaa"] == "rhf"}, key=norwegian.alphabetical)
        of_region = {(row["tiltak_nr"], row["navn"]): row["endring"] for row in rows if row["nivaa"] == "rhf"}
        lines = [
            {
                "title": row["tittel"],
                "change": row["endring"],
                "nok": row["endring_kr"],
                "regions": [of_region[row["tiltak_nr"], name] for name in regions],
            }
            for row in sorted(country, key=lambda row: row["tiltak_nr"])
        ]
        zero = Decimal(0)
        whole: dict[str, Any] = {
            "change": sum((line["change"] for line in lines), zero),
            "nok": sum((line["nok"] for line in lines), zero),
            "regions": [sum((line["regions"][n] for line in lines), zero) for n in range(len(regions))],
        }
        places = layout.decimals([line["change"] for line in lines] + whole["regions"])
        found.append({"sector": sector, "regions": regions, "lines": lines, "sum": whole, "places": places})
    return found


STATEMENT = (
    ("kr_utgangspunkt", "Utgangspunkt"),
    ("volum_kr", "Volum"),
    *((f"{name}_kr", title) for name, title in PARTS),
    ("pris_kr", "Pris"),
    ("kr_alternativ", "Alternativ"),
    ("endring_kr", "Endring"),
)


def _statement(comparison: Comparison) -> dict:
    """The statement in kroner: per region of residence over both sectors, and the country per sector and in all."""
    rows = comparison.tables["kroneroppstilling"].dicts()
    names = [name for name, _ in STATEMENT]
    lines: dict[tuple[str, str], dict] = {}
    for row in rows:
        if row["nivaa"] == "hf":
            continue
        title = "Landet" if row["nivaa"] == "land" else row["navn"]
        for key in ((row["nivaa"], title), *([("sektor", row["sektor"])] if row["nivaa"] == "land" else [])):
            line = lines.setdefault(key, dict.fromkeys(names, Decimal(0)))
            for name in names:
                line[name] += row[name]
    shown = [(name, title) for name, title in STATEMENT if any(line[name] for line in lines.values())]
    ordered = sorted(lines, key=lambda key: (("rhf", "sektor", "land").index(key[0]), norwegian.alphabetical(key[1])))
    budget = comparison.budget
    return {
        "columns": shown,
        "lines": [{"level": key[0], "title": key[1], **lines[key]} for key in ordered],
        "asked": [f"{labels.SECTOR_SHORT[s]}: enhetspris {norwegian.money(price)} kr" for s, price in budget.prices]
        + [
            f"{labels.SECTOR_SHORT[s]}, {group}: aktivitet {norwegian.number(p, 2, True)} %"
            for s, group, p in budget.growth
        ],
    }


def _measure(comparison: Comparison, measure: str, sector: str) -> dict:
    """The directorate's two tables of a measure."""
    regions = rows_of(comparison, "endring_rhf", measure, sector)
    trusts = rows_of(comparison, "endring_hf", measure, sector)
    intervals = intervals_of(comparison, measure, sector)
    return {
        "measure": measure,
        "title": TITLES[measure],
        "calibrated": texts.calibrated(comparison, measure),
        "changed": is_changed(comparison, measure, sector),
        "regions": _directorate(regions, layout.by_name, intervals),
        "trusts": _directorate(trusts, layout.by_size, intervals),
        "has_intervals": bool(intervals),
    }


def _directorate(rows: list[dict], order, intervals: dict | None = None) -> list[dict]:
    """The printed lines in the directorate's order, each with its change as a bar and its interval."""
    units = order(
        (
            unit_name(r),
            r["poeng_utgangspunkt"],
            r["poeng_alternativ"],
            r["endring_kr"],
            ("hf", r["hf_orgnr"]) if "hf_orgnr" in r else ("rhf", r["bosted_rhf_orgnr"]),
        )
        for r in rows
    )
    lines = layout.table([unit[:4] for unit in units])
    bars, zero = chart.diverging([(unit[0], unit[2] - unit[1], "", "") for unit in units])
    printed = []
    for entry, bar, unit in zip(lines[:-1], bars, units, strict=True):
        printed.append(
            {
                **entry._asdict(),
                "bar": bar.segments[0] if unit[2] != unit[1] else None,
                "zero": zero,
                "interval": _interval((intervals or {}).get(unit[4])),
                "is_total": False,
            }
        )
    return [*printed, {**lines[-1]._asdict(), "bar": None, "zero": zero, "interval": "", "is_total": True}]


def intervals_of(comparison: Comparison, measure: str, sector: str) -> dict[tuple, dict]:
    """(level, number) → the row of the intervals of the measure; empty without --bootstrap."""
    rows = comparison.tables.get("intervaller" if measure == "base" else "intervaller_full")
    found = rows.dicts() if rows else []
    return {(row["nivaa"], row["orgnr"]): row for row in found if row["sektor"] == sector}


def _interval(limit: dict | None) -> str:
    if not limit:
        return ""
    if limit["merknad"]:
        return "for få" if limit["nivaa"] != "land" else ""
    low, high = (norwegian.number(limit[name], 2, sign=True) for name in ("prosent_lav", "prosent_hoy"))
    return f"{low} til {high}{norwegian.NBSP}%"


def total(rows: list[dict]) -> dict:
    """Sums of the columns with points and kroner."""
    names = ["poeng_utgangspunkt", *(name for name, _ in PARTS), "poeng_alternativ", "endring", "endring_kr"]
    return {name: sum((row[name] for row in rows), Decimal(0)) for name in names}


def _matrix(rows: list[dict]) -> dict:
    """Guest flows as trusts by regions: the change in points."""
    regions = sorted({row["bosted_rhf"] for row in rows}, key=norwegian.alphabetical)
    cells: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        line = cells.setdefault(unit_name(row), {})
        line[row["bosted_rhf"]] = line.get(row["bosted_rhf"], Decimal(0)) + row["endring"]
    return {
        "regions": regions,
        "rows": [
            {"name": name, "cells": [line.get(region) for region in regions]}
            for name, line in sorted(cells.items(), key=lambda item: norwegian.alphabetical(item[0]))
        ],
    }


def side_by_side(scenario) -> list[dict]:
    """Per measure, sector and kind of unit: points before, and change, per cent and kroner of each alternative."""
    first = scenario.comparisons[0]
    found = []
    for measure in measures(first):
        for sector in sectors(first):
            if not any(is_changed(comparison, measure, sector) for comparison in scenario.comparisons):
                continue
            for name, title, order in (
                ("endring_rhf", "Sørge for", layout.by_name),
                ("endring_hf", "Foretak", layout.by_size),
            ):
                found.append(
                    {
                        "measure": measure,
                        "measure_title": TITLES[measure],
                        "calibrated": texts.calibrated(first, measure),
                        "sector": sector,
                        "title": title,
                        **_side(scenario, name, measure, sector, order),
                    }
                )
    return found


def _side(scenario, name: str, measure: str, sector: str, order) -> dict:
    """Lines and total: the points before, and per alternative change, per cent and kroner as text."""
    columns = []
    for comparison in scenario.comparisons:
        columns.append({unit_name(row): row for row in rows_of(comparison, name, measure, sector)})
    before = {unit: row["poeng_utgangspunkt"] for column in columns for unit, row in column.items()}
    places = layout.decimals(row["endring"] for column in columns for row in column.values())
    lines = []
    for unit, points in order(before.items()):
        printed = [
            layout.line(unit, points, column[unit]["poeng_alternativ"], column[unit]["endring_kr"], places)
            if unit in column
            else layout.line(unit, points, points, Decimal(0), places)
            for column in columns
        ]
        lines.append({"unit": unit, "before": printed[0].before, "cells": printed})
    sums = [total(list(column.values())) for column in columns]
    totals = [
        layout.line(layout.TOTAL, s["poeng_utgangspunkt"], s["poeng_alternativ"], s["endring_kr"], places) for s in sums
    ]
    return {"rows": lines, "before": totals[0].before, "totals": totals}
