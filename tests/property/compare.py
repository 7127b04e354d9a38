"""Compares the engine's tables with the plain calculator and shows the first differences with their rows."""

from __future__ import annotations

import copy
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pipelines.settlement.run import build_warehouse, over_threshold

from .calculator import Result, calculate
from .plain.landing import CHILDREN
from .plain.model import Delivery, Prescription, Stay
from .plain.services import MISSING_INDICATION, stg_of_prescription
from .random_deliveries import write_delivery
from .reference import load

SHOWN = 3
KINDS = {"stay": "opphold", "service": "sertjeneste"}
STAY_COLUMNS = (
    "drg",
    "patient_id",
    "sector",
    "institution_id",
    "hf_orgnr",
    "municipality_number",
    "main_episode_id",
    "main_condition",
    "start_date",
    "end_date",
    "length_of_stay",
    "effective_length",
    "duration_s",
    "is_overnight",
)
STAYS = """
    select s.*, l."episodeID" as main_episode_id
    from main.stay s join landing.episode l on l.episode_nr = s.main_episode_nr
"""
CONSTANT = ("enhetspris", "isf_andel")


def run_engine(delivery: Delivery, seed: int = 0, shuffle: bool = False, **options):
    """Write the delivery and build its warehouse in memory."""
    with tempfile.TemporaryDirectory() as folder:
        return build_warehouse(write_delivery(delivery, Path(folder), seed, shuffle), **{"threads": 1, **options})


def fetch(con, sql: str) -> list[dict]:
    cursor = con.execute(sql)
    names = [c[0] for c in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def engine_tables(con) -> dict[str, dict]:
    """The engine's tables as key -> value."""
    quarantine: dict = {}
    for r in fetch(con, "select file, line, reason from landing.quarantine"):
        quarantine.setdefault((r["file"], r["line"]), []).append(r["reason"])
    ids = "join landing.episode l using (episode_nr)"
    return {
        "quarantine": {key: sorted(reasons) for key, reasons in quarantine.items()},
        "unparsed": {
            (r["file"], r["line"], r["column_name"]): True
            for r in fetch(con, "from landing.unparsed anti join landing.quarantine using (file, line)")
        },
        "rows in": {r["file"]: r["rows_in"] for r in fetch(con, "from landing.row_account") if r["rows_in"]},
        "not published": {
            (found[1], found[2] or ""): True
            for found in (re.match(r"(\w+)(?:, kolonne (\w+))?: ", sentence) for sentence in over_threshold(con))
        },
        "episode": {
            r["id"]: r["reason"] for r in fetch(con, f'select l."episodeID" as id, e.reason from main.episode e {ids}')
        },
        "prescription": {r["dispensing_id"]: r["reason"] for r in fetch(con, "from main.prescription")},
        "grunnlag": {
            (r["steg"], r["arsak"], r["sektor"]): r["antall"]
            for r in fetch(con, "from main.grunnlag where steg in ('episode', 'resept', 'sertjeneste')")
            if r["arsak"] != "merged_into_first"
        },
        "stay": {r["stay_id"]: tuple(r[c] for c in STAY_COLUMNS) for r in fetch(con, STAYS)},
        "stay_episode": {
            r["id"]: r["stay_id"]
            for r in fetch(
                con,
                'select l."episodeID" as id, s.stay_id from main.stay_episode e '
                f"join main.stay s using (stay_nr) {ids}",
            )
        },
        "service": {
            r["service_id"]: (r["status"], r["hf_orgnr"] or "", r["municipality_number"])
            for r in fetch(con, "from main.service")
        },
        "pathway": {
            r["pathway_id"]: (r["hf_orgnr"] or "", r["municipality_number"]) for r in fetch(con, "from main.pathway")
        },
        "pathway_member": {
            (r["pathway_id"], KINDS[r["unit_type"]], r["unit_id"]): True for r in fetch(con, "from main.pathway_member")
        },
        **published_tables(con),
    }


def published_tables(con) -> dict[str, dict]:
    """The published tables as key -> values."""
    settlement = {}
    for table in ("oppgjor_rhf", "oppgjor_hf", "gjestepasienter_usladdet"):
        settlement[table] = {
            tuple(r[k] or "" for k in key_of(table)): {k: r[k] for k in r if k not in key_of(table)}
            for r in fetch(con, f"from main.{table}")
        }
    return {
        "poengposter": {
            (r["enhet_type"], r["enhet_id"], r["regel"]): (
                r["poeng"],
                r["sektor"],
                r["hf_orgnr"] or "",
                r["bosted_rhf_orgnr"] or "",
                r["drg_stg_tfg"] if r["enhet_type"] != "region" else "",
            )
            for r in fetch(con, "from main.poengposter")
        },
        **settlement,
    }


def key_of(table: str) -> tuple[str, ...]:
    return {
        "oppgjor_rhf": ("rhf_orgnr", "sektor"),
        "oppgjor_hf": ("hf_orgnr", "sektor"),
        "gjestepasienter_usladdet": ("hf_orgnr", "bosted_rhf_orgnr", "sektor"),
    }[table]


def stay_facts(s: Stay) -> tuple:
    """What a stay is, in the order of STAY_COLUMNS."""
    return (
        s.drg,
        s.patient,
        s.sector,
        s.institution,
        s.main.trust,
        s.main.municipality,
        s.main.id,
        s.main.main_condition,
        s.start.day,
        s.end.day,
        s.length,
        s.effective_length,
        None if s.duration is None else int(s.duration.total_seconds()),
        s.overnight,
    )


def line_reason(line: Prescription) -> str:
    """Why a line counts or not; one without a valid indication has a reason of its own."""
    without = line.reason == "included" and stg_of_prescription(line, load(2025)) == MISSING_INDICATION
    return "missing_indication" if without else line.reason


def plain_tables(result: Result) -> dict[str, dict]:
    """The calculator's results in the same shape."""
    places = {(u.kind, u.id): u for u in result.units}
    ledger = {}
    for key, points in result.ledger.items():
        u = places[key[0], key[1]]
        ledger[key] = (points, u.sector, u.trust, u.rhf, u.group if u.kind != "region" else "")
    return {
        "quarantine": {(file, line): [reason] for file, line, reason in result.landed.quarantine},
        "unparsed": {place: True for place in result.landed.unparsed},
        "rows in": {table: n for table, n in result.landed.rows_in.items() if n},
        "not published": {place: True for place in result.landed.not_to_be_published},
        "episode": {e.id: e.reason for e in result.landed.episodes},
        "prescription": {p.id: line_reason(p) for p in result.landed.prescriptions},
        "grunnlag": Counter(
            [("episode", e.reason, e.sector) for e in result.landed.episodes]
            + [("resept", line_reason(p), "SOM") for p in result.landed.prescriptions]
            + [("sertjeneste", s.status, s.sector) for s in result.services]
        ),
        "stay": {s.id: stay_facts(s) for s in result.stays},
        "stay_episode": {e.id: s.id for s in result.stays for e in s.episodes},
        "service": {s.id: (s.status, s.first.trust, s.first.municipality) for s in result.services},
        "pathway": {p.id: (p.trust, p.municipality) for p in result.pathways},
        "pathway_member": {(p.id, *member): True for p in result.pathways for member in p.members},
        "poengposter": ledger,
        "oppgjor_rhf": result.oppgjor_rhf,
        "oppgjor_hf": result.oppgjor_hf,
        "gjestepasienter_usladdet": result.gjestepasienter,
    }


def same(mine, theirs) -> bool:
    """Equal; of settlement rows the columns the calculator has, and a row of zeros may be absent."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return all(mine[column] == (theirs[column] or "") or mine[column] == theirs[column] for column in mine)
    if isinstance(mine or theirs, dict):
        return not any(v for k, v in (mine or theirs).items() if k not in ("hf", "rhf", "rhf_orgnr", *CONSTANT))
    return mine == theirs


def differences(con, result: Result) -> list[str]:
    """One readable line per difference, the tables in the order of the way."""
    found = []
    engine, plain = engine_tables(con), plain_tables(result)
    for table, mine in plain.items():
        theirs = engine[table]
        for key in sorted(set(mine) | set(theirs), key=str):
            if not same(mine.get(key), theirs.get(key)):
                found.append(f"{table} {key}: plain {mine.get(key)!r}, engine {theirs.get(key)!r}")
    return found


def rows_about(delivery: Delivery, text: str) -> list[str]:
    """The delivered rows whose ids or patient are mentioned in the text."""
    lines = []
    episodes = [r for r in delivery.tables["episode"] if named(r["episodeID"], text) or named(r["pasientID"], text)]
    for row in episodes:
        lines.append("  episode " + " ".join(f"{k}={v}" for k, v in row.items() if v))
        for table in CHILDREN:
            for child in delivery.tables[table]:
                if child["episodeID"].strip() == row["episodeID"].strip():
                    lines.append(f"    {table} " + " ".join(f"{k}={v}" for k, v in child.items() if v))
    for row in delivery.tables["hresept"]:
        if named(row["utleveringID"], text) or named(row["pasientID"], text):
            lines.append("  hresept " + " ".join(f"{k}={v}" for k, v in row.items() if v))
    return lines


def named(value: str, text: str) -> bool:
    """Is the id mentioned, quoted or as a part of a unit's id?"""
    value = value.strip()
    return bool(value) and any(left + value + right in text for left in "'|" for right in "'|")


def smallest(delivery: Delivery, differs: Callable[[Delivery], bool], seconds: float = 20) -> Delivery:
    """Leave out rows as long as the difference stays: a smaller delivery is easier to read."""
    stop = time.monotonic() + seconds
    best = delivery
    for table, key in (("episode", "pasientID"), ("episode", "episodeID"), ("hresept", "utleveringID")):
        for value in sorted({r[key] for r in best.tables[table]}):
            if time.monotonic() > stop:
                return best
            smaller = copy.deepcopy(best)
            gone = {r["episodeID"] for r in smaller.tables["episode"] if r.get(key) == value}
            for name, rows in smaller.tables.items():
                child = name in CHILDREN
                smaller.tables[name] = [
                    r for r in rows if not (r["episodeID"] in gone if child else r.get(key) == value)
                ]
            if differs(smaller):
                best = smaller
    return best


def check(delivery: Delivery, seed: int = 0, drg_source: str = "main_episode", shrink: bool = True) -> None:
    """Fail with the first differing units and their rows if the two calculations differ."""

    def look(candidate: Delivery) -> list[str]:
        con = run_engine(candidate, seed, drg_source=drg_source)
        try:
            return differences(con, calculate(candidate, drg_source))
        finally:
            con.close()

    found = look(delivery)
    if not found:
        return
    if shrink:
        table = found[0].split(" ")[0]
        delivery = smallest(delivery, lambda d: any(line.startswith(table) for line in look(d)))
        found = look(delivery)
    shown = found[:SHOWN]
    rows = rows_about(delivery, "\n".join(shown))
    message = [f"{len(found)} differences in {delivery.name}, {drg_source}:", *shown, *rows[:60]]
    raise AssertionError("\n".join(message))
