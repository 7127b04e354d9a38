"""`isf verify`: is a published folder whole, unchanged, and does it add up?"""

import json
import re
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.publication import csvfile, manifest
from pipelines.publication.norwegian import rounded
from pipelines.publication.tables import PUBLIC, TABLES, ordered_select, read, row_count

ZERO = Decimal(0)
UNIT_COLUMNS = {"opphold": "poeng_opphold", "sertjeneste": "poeng_sertjenester", "forlop": "poeng_forlop"}
LEDGER = "poengposter"
COUNTS = ("antall_opphold", "antall_sertjenester", "antall_forlop")


def verify(folder: Path) -> list[str]:
    """Problems of a published folder, one sentence each; an empty list means that it is whole and adds up.

    The ledger lies beside the published folders (`ledger_of`); where it is not, its sums are not checked. Quality
    reports, simulations and other results are verified by their own manifests; a settlement also adds up.
    """
    folder = Path(folder)
    problems, content = manifest.compare(folder)
    if content is None:
        return problems
    if f"{LEDGER}.parquet" in content["files"] and content.get("format") != manifest.FORMAT:
        return [
            f"{folder.name} was published by an older version of the program, with the ledger in it. Remedy: settle "
            "the delivery again."
        ]
    problems += _named_otherwise(folder, content)
    if not _is_settlement(content):
        return problems
    problems += [
        f"{spec.name}.parquet is missing from the manifest"
        for spec in PUBLIC
        if f"{spec.name}.parquet" not in content["files"]
    ]
    if any("missing" in problem or "changed" in problem for problem in problems):
        return problems
    ledger = ledger_of(folder)
    if ledger is not None:
        problems += _check_ledger(ledger, content)
    return problems + _check_tables(folder, content, ledger if not problems else None)


def all_well(folder: Path) -> str:
    """What is said of a folder in which `verify` has found no problem: what was looked at, and what was not."""
    folder = Path(folder)
    if not _is_settlement(json.loads((folder / manifest.NAME).read_bytes())):
        return f"{folder}: complete and unchanged."
    without = "" if ledger_of(folder) else "\nThe ledger is not here, so its sums are not checked."
    return f"{folder}: complete and unchanged, and its sums agree.{without}"


def ledger_of(folder: Path) -> Path | None:
    """The folder of the ledger behind a published folder; None where the folder was copied without it."""
    folder = Path(folder).resolve()
    ledger = folder.parent.parent / "ledger" / folder.name
    return ledger if (ledger / manifest.NAME).is_file() else None


def _check_ledger(ledger: Path, content: dict) -> list[str]:
    problems, own = manifest.compare(ledger)
    if own and own[manifest.SELF] != content.get("ledger", {}).get("manifest_sha256"):
        problems.append("it belongs to another publication")
    return [f"ledger {ledger.name}: {problem}" for problem in problems]


def _is_settlement(content: dict) -> bool:
    """Whether a manifest is that of a settlement: those of quality reports, simulations and other results say so, and a
    ledger has no other table."""
    rows = content.get("rows")
    is_other = isinstance(rows, dict) and ("check_row" in rows or set(rows) == {LEDGER})
    return content.get("format") == manifest.FORMAT and "scenario" not in content and not is_other


def _named_otherwise(folder: Path, content: dict) -> list[str]:
    """A published folder has the name of what it holds; under another one it would be taken for something else."""
    wanted = content.get("scenario", content.get("delivery"))
    name = folder.resolve().name
    if not isinstance(wanted, str) or re.fullmatch(rf"{re.escape(wanted)}(-kvalitet)?(-r[1-9]\d*)?", name):
        return []
    return [f"the folder is named {name}, its manifest is that of {wanted}"]


def _check_tables(folder: Path, content: dict, ledger: Path | None) -> list[str]:
    con = duckdb.connect()
    try:
        con.execute("create schema published")
        problems = []
        for spec in TABLES:
            place = ledger if spec.personal else folder
            if place is None:
                continue
            file = str(place / f"{spec.name}.parquet").replace("'", "''")
            con.execute(f"create view published.{spec.name} as select * from read_parquet('{file}')")
            rows = row_count(con, f"published.{spec.name}")
            if not spec.personal:
                if rows != content.get("rows", {}).get(spec.name):
                    problems.append(f"{spec.name} has {rows} rows, the manifest says otherwise")
                problems += _check_csv(con, folder, spec)
        return problems + _check_sums(con, ledger is not None)
    except duckdb.Error as error:
        return [f"a table cannot be read: {error}"]
    finally:
        con.close()


def _check_csv(con, folder: Path, spec) -> list[str]:
    query = ordered_select(spec).replace(f" from {spec.source} ", f" from published.{spec.name} ")
    path = folder / f"{spec.name}.csv"
    if path.is_file() and path.read_bytes() == csvfile.render(read(con, query)):
        return []
    return [f"{spec.name}.csv does not hold the same values as {spec.name}.parquet"]


def _check_sums(con: duckdb.DuckDBPyConnection, has_ledger: bool) -> list[str]:
    rhf = read(con, "select * from published.oppgjor_rhf").dicts()
    hf = read(con, "select * from published.oppgjor_hf").dicts()
    guests = read(con, "select * from published.gjestepasienter").dicts()
    monthly = {
        key: read(con, f"select * from published.{name}").dicts()
        for key, name in (("rhf_orgnr", "oppgjor_rhf_maned"), ("hf_orgnr", "oppgjor_hf_maned"))
    }
    for row in [*rhf, *hf, *guests, *monthly["rhf_orgnr"], *monthly["hf_orgnr"]]:
        for column in ("hf_orgnr", "rhf_orgnr", "bosted_rhf_orgnr"):
            if column in row:
                row[column] = row[column] or ""
    problems = [
        *_levels(rhf, hf),
        *_money(rhf, hf),
        *_whole_or_empty(guests, "gjestepasienter", ("antall_opphold", "isf_poeng", "refusjon_kr")),
        *_months(rhf, monthly["rhf_orgnr"], "oppgjor_rhf_maned", "rhf_orgnr"),
        *_months(hf, monthly["hf_orgnr"], "oppgjor_hf_maned", "hf_orgnr"),
    ]
    if not has_ledger:
        return problems
    ledger = read(
        con,
        "select enhet_type, sektor, coalesce(hf_orgnr, '') as hf_orgnr, "
        "coalesce(bosted_rhf_orgnr, '') as rhf_orgnr, sum(poeng) as poeng "
        "from published.poengposter group by all",
    ).dicts()
    return [
        *problems,
        *_against_ledger(rhf, ledger, "oppgjor_rhf", "rhf_orgnr", {**UNIT_COLUMNS, "region": "trekk_kompleks_rehab"}),
        *_against_ledger(hf, ledger, "oppgjor_hf", "hf_orgnr", UNIT_COLUMNS),
        *_guest_cells(guests, ledger),
    ]


def _whole_or_empty(rows: list[dict], name: str, columns: tuple[str, ...]) -> list[str]:
    """A suppressed row has lost all its numbers."""
    return [
        f"{name} {' '.join(str(value or '(empty)') for value in list(row.values())[:3])}: a suppressed row still holds "
        "a number"
        for row in rows
        if 0 < sum(row[column] is None for column in columns) < len(columns)
    ]


def _months(settled: list[dict], monthly: list[dict], name: str, key: str) -> list[str]:
    """The points of the months, where none is suppressed, and the advances are those of the settlement."""
    problems = _whole_or_empty(monthly, name, ("isf_poeng", "refusjon_kr"))
    for row in settled:
        mine = [m for m in monthly if (m[key], m["sektor"]) == (row[key], row["sektor"])]
        for column in ("isf_poeng", "akonto_kr"):
            if column not in row or any(m[column] is None for m in mine):
                continue
            found = sum((m[column] for m in mine), ZERO)
            if found != row[column]:
                problems.append(_differs(name, row, key, column, found, row[column], "the settlement"))
    return problems


def _against_ledger(rows: list[dict], ledger: list[dict], name: str, key: str, units: dict[str, str]) -> list[str]:
    """Every points column of a settlement table is the sum of its ledger rows, and `isf_poeng` their
    total."""
    sums: dict[tuple, Decimal] = {}
    for entry in ledger:
        if entry["enhet_type"] in units:
            place = (entry[key], entry["sektor"], units[entry["enhet_type"]])
            sums[place] = sums.get(place, ZERO) + entry["poeng"]
    problems = []
    for row in rows:
        parts = ZERO
        for column in units.values():
            expected = sums.pop((row[key], row["sektor"], column), ZERO)
            parts += expected
            if row[column] != expected:
                problems.append(_differs(name, row, key, column, row[column], expected, "the ledger"))
        if row["isf_poeng"] != parts:
            problems.append(_differs(name, row, key, "isf_poeng", row["isf_poeng"], parts, "the ledger"))
    left = {place: points for place, points in sums.items() if points}
    problems += [f"{name} has no row {place[0] or '(empty)'} {place[1]}, the ledger has {points} points there"
                 for place, points in sorted(left.items())]  # fmt: skip
    return problems


def _differs(name: str, row: dict, key: str, column: str, value, expected, other: str) -> str:
    return f"{name} {row[key] or '(empty)'} {row['sektor']}: {column} is {value}, {other} gives {expected}"


def _levels(rhf: list[dict], hf: list[dict]) -> list[str]:
    """The sums of the trusts are the sums of the regions, apart from the regional deduction."""
    problems = []
    for sector in sorted({row["sektor"] for row in rhf + hf}):
        for column in (*COUNTS, *UNIT_COLUMNS.values(), "isf_poeng"):
            above = sum((r[column] for r in rhf if r["sektor"] == sector), ZERO)
            below = sum((r[column] for r in hf if r["sektor"] == sector), ZERO)
            if column == "isf_poeng":
                below += sum((r["trekk_kompleks_rehab"] for r in rhf if r["sektor"] == sector), ZERO)
            if above != below:
                problems.append(f"{sector}: {column} is {above} over regions and {below} over trusts")
    return problems


def _guest_cells(guests: list[dict], ledger: list[dict]) -> list[str]:
    """A cell that is shown is the sum of its ledger rows, and every cell with points is there."""
    sums: dict[tuple, Decimal] = {}
    for entry in ledger:
        if entry["enhet_type"] != "region":
            place = (entry["hf_orgnr"], entry["rhf_orgnr"], entry["sektor"])
            sums[place] = sums.get(place, ZERO) + entry["poeng"]
    problems = []
    for row in guests:
        place = (row["hf_orgnr"], row["bosted_rhf_orgnr"], row["sektor"])
        expected = sums.pop(place, ZERO)
        if row["isf_poeng"] is not None and row["isf_poeng"] != expected:
            problems.append(f"gjestepasienter {' '.join(place)}: {row['isf_poeng']} points, the ledger {expected}")
    problems += [f"gjestepasienter has no row {' '.join(place)}" for place, points in sorted(sums.items()) if points]
    return problems


def _money(rhf: list[dict], hf: list[dict]) -> list[str]:
    """Refund = points × unit price × share, two decimals; balance = refund − advances."""
    problems = []
    rates = {row["sektor"]: row["enhetspris"] * row["isf_andel"] for row in rhf}
    for name, key, rows in (("oppgjor_rhf", "rhf_orgnr", rhf), ("oppgjor_hf", "hf_orgnr", hf)):
        for row in rows:
            if row["sektor"] in rates:
                expected = rounded(row["isf_poeng"] * rates[row["sektor"]], 2)
                if row["refusjon_kr"] != expected:
                    problems.append(_differs(name, row, key, "refusjon_kr", row["refusjon_kr"], expected, "points"))
    for row in rhf:
        if row["saldo_kr"] != row["refusjon_kr"] - row["akonto_kr"]:
            expected = row["refusjon_kr"] - row["akonto_kr"]
            problems.append(_differs("oppgjor_rhf", row, "rhf_orgnr", "saldo_kr", row["saldo_kr"], expected, "refund"))
    return problems
