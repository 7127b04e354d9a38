"""A weight set from cost weights and the volumes of an activity: `isf weights build`.

The formulas are in `sql/simulation_weight`; the families, classes and methods are data of the
rule set (`day_surgery_family`, `weight_method`). The result is a rule set of the user's own that holds only
what differs.
"""

import csv
import difflib
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import run
from pipelines.errors import InputRefused, IsfError
from pipelines.rules import load as rulesets
from pipelines.rules.read import nearest
from pipelines.rules.shape import SECTORS

COLUMNS = ("sector", "drg", "cost_weight")
STAGE = "simulation_weight"
METHODS = ("family", "mean", "short_stay", "supplement", "given", "cost_weight")


@dataclass
class Volumes:
    """What an activity has of each group. `stays`: (sector, drg, stays, short stays); `services`: (sector, stg,
    services)."""

    stays: list[tuple[str, str, int, int]]
    services: list[tuple[str, str, int]] = field(default_factory=list)


def read_cost_weights(path: Path) -> list[tuple[str, str, Decimal]]:
    """CSV with sector, drg, cost_weight (comma or semicolon). Raises InputRefused with every fault: line, value,
    remedy."""
    if not path.is_file():
        raise InputRefused(str(path), [f"There is no such file. Give a CSV with {', '.join(COLUMNS)}."])
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        parsed = csv.reader(lines, delimiter=";" if lines and ";" in lines[0] else ",", strict=True)
        rows = [(parsed.line_num, [cell.strip() for cell in cells]) for cells in parsed if cells]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputRefused(str(path), [f"It cannot be read: {error}. Save it as CSV in UTF-8."]) from error
    header = rows[0][1] if rows else []
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise InputRefused(
            str(path), [f"column {', '.join(missing)} is missing. The columns are {', '.join(COLUMNS)}."]
        )
    faults: list[str] = []
    found: dict[tuple[str, str], Decimal] = {}
    for line, cells in rows[1:]:
        if len(cells) != len(header):
            faults.append(
                f"line {line}: {len(cells)} fields where the header has {len(header)}. With decimal comma, put "
                "semicolons between the fields, or quote the weight."
            )
            continue
        row = dict(zip(header, cells, strict=True))
        key = (row["sector"].upper(), row["drg"].upper())
        weight = number(row["cost_weight"])
        if weight is None or weight < 0 or -int(weight.as_tuple().exponent) > 3:
            faults.append(f"line {line}: cost_weight {row['cost_weight']!r} must be 0 or more, at most 3 decimals.")
        elif key[0] not in SECTORS:
            faults.append(f"line {line}: sector {row['sector']!r} must be SOM or PHVTSB.")
        elif key in found:
            faults.append(f"line {line}: {key[0]} {key[1]} is given twice.")
        else:
            found[key] = weight
    if faults:
        raise InputRefused(str(path), faults)
    return [(*key, weight) for key, weight in found.items()]


def number(text: str) -> Decimal | None:
    """A number with decimal point or comma; None if it is none."""
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def read_totals(totals: dict[str, str]) -> dict[str, Decimal]:
    """Sector → points to calibrate to. Raises InputRefused with every fault."""
    faults, found = [], {}
    for sector, text in totals.items():
        points = number(text)
        if sector not in SECTORS:
            near = "".join(f" The nearest is {name}." for name in nearest(sector.upper(), SECTORS)[:1])
            faults.append(
                f"--total {sector}={text}: there is no sector {sector}; there are {', '.join(SECTORS)}.{near}"
            )
        elif points is None or points <= 0 or -int(points.as_tuple().exponent) > 3:
            faults.append(f"--total {sector}={text}: give points above 0, with at most 3 decimals.")
        else:
            found[sector] = points
    if faults:
        raise InputRefused("The total", faults)
    return found


def build(
    ruleset: str | Path,
    volumes: Volumes,
    cost_weights: list[tuple[str, str, Decimal]] | None = None,
    totals: dict[str, Decimal] | None = None,
    only: list[str] | None = None,
) -> list[dict]:
    """Base points per DRG of `ruleset`. `cost_weights`: (sector, drg, weight), those of the set where absent;
    `totals`: sector → points to calibrate to, those of the services among them; `only`: methods, or `method:class`,
    beside which every DRG keeps the set's weights. Rows as `built_weight.sql`.

    Raises InputRefused for a cost weight of a DRG that the set lacks, a method it does not have, and a total that its
    services alone exceed.
    """
    con = workspace.connect()
    rules = rulesets.load(ruleset, con)
    _check_cost_weights(rules, ruleset, cost_weights or [])
    limits = _limits(rules, only or [])
    if limits and totals:
        raise InputRefused("--total", ["It scales every DRG of a sector, so it cannot be given with --only."])
    for table, columns, rows in (
        ("new_cost_weight", "sector varchar, drg varchar, cost_weight decimal(18, 3)", cost_weights or []),
        ("drg_volume", "sector varchar, drg varchar, stays bigint, short_stays bigint", volumes.stays),
        ("service_volume", "sector varchar, stg varchar, services bigint", volumes.services),
        ("target_points", "sector varchar, points decimal(18, 3)", (totals or {}).items()),
        ("only_method", "method varchar, class varchar", limits),
    ):
        workspace.fill(con, table, columns, rows)
    run(STAGE, con, only=["built_weight"])
    built = workspace.rows(con, "select * from built_weight order by sector desc, drg")
    for sector, total in (totals or {}).items():
        if any(row["sector"] == sector and row["factor"] <= 0 for row in built):
            problem = (
                f"--total {sector}={total}: the services of the activity alone have more points. "
                "Give the total of DRGs and services together, as isf simulate prints it."
            )
            raise InputRefused("The total", [problem])
    return built


def _check_cost_weights(rules: rulesets.Ruleset, ruleset: str | Path, cost_weights: list[tuple]) -> None:
    known = {(row["sector"], row["drg"]) for row in rules.tables["drg"]}
    unknown = sorted({(sector, drg) for sector, drg, _ in cost_weights} - known)
    if not unknown:
        return
    lines = []
    for sector, drg in unknown:
        near = nearest(drg, [d for s, d in known if s == sector])
        lines.append(
            f"{sector} {drg} is not in {ruleset}{'; the nearest are ' + ', '.join(near) if near else ''}. "
            "Correct it, or add it to the set's drg.csv."
        )
    raise InputRefused("The table of cost weights", lines)


def _limits(rules: rulesets.Ruleset, only: list[str]) -> list[tuple[str, str | None]]:
    """(method, class or None) of `--only`. Raises InputRefused for one that the set does not have."""
    classes = {("family", row["family"]) for row in rules.tables["day_surgery_family"]}
    classes |= {(row["method"], row["class"]) for row in rules.tables["weight_method"] if row["class"]}
    found = []
    for text in only:
        method, _, name = text.partition(":")
        if method not in METHODS or (name and (method, name) not in classes):
            of_method = sorted({f"{m}:{c}" for m, c in classes if m == method}) or METHODS
            near = difflib.get_close_matches(text, of_method, n=3) or of_method
            problem = f"--only {text}: there is no such method or class; there are {', '.join(near)}."
            raise InputRefused("The choice of methods", [problem])
        found.append((method, name or None))
    return found


def volumes_of(home: Path, activity: str, ruleset: str | Path) -> Volumes:
    """Stays and services per group of a settled delivery; what is a short stay is the rule set's."""
    con = workspace.connect()
    workspace.attach(con, homes.find_warehouse(home, activity), "wh")
    rulesets.load(ruleset, con)
    reading = {name: f"wh.main.{name}" for name in ("stay", "service")}
    run(STAGE, con, reading=reading, only=["drg_volume", "service_volume"])
    return Volumes(
        con.execute("select * from drg_volume order by sector, drg").fetchall(),
        con.execute("select * from service_volume order by sector, stg").fetchall(),
    )


def write(rows: list[dict], base: str, out: Path, source: str) -> Path:
    """A rule set folder with the DRGs whose points or cost weights differ from `base`. Raises IsfError if it
    exists."""
    _new_folder(base, out, source)
    _write_drgs(rows, base, out, {})
    rulesets.read(out)
    return out


def write_from_costs(
    base: str,
    out: Path,
    source: str,
    cost_weights: list[tuple[str, str, Decimal]],
    others: dict[str, list[tuple[str, str, Decimal]]],
    trim_points: list[tuple[str, str, int]],
    volumes: Volumes,
    totals: dict[str, Decimal],
) -> tuple[Path, list[dict]]:
    """A rule set folder with weights from costs, and its DRGs as `build` gives them. `others`: table (`stg`, `tfg`) →
    (sector, group, points), which are written as they are; the DRGs are then built upon them, so that stays and
    services together have the `totals`. Raises IsfError if the folder exists."""
    _new_folder(base, out, source)
    for table, found in others.items():
        before = {(row["sector"], row[table]): row["base_points"] for row in rulesets.read(base).tables[table]}
        lines = [f"{sector},{group},{points}" for sector, group, points in found if before[sector, group] != points]
        (out / f"{table}.csv").write_text("\n".join([f"sector,{table},base_points", *lines]) + "\n", encoding="utf-8")
    rows = build(out, volumes, cost_weights, totals)
    _write_drgs(rows, base, out, {(sector, drg): days for sector, drg, days in trim_points})
    rulesets.read(out)
    return out, rows


def _new_folder(base: str, out: Path, source: str) -> None:
    """The folder with its `rules.toml`: a draft that changes nothing yet."""
    if out.exists():
        raise IsfError(f"{out} exists already. Choose another folder, or remove it.")
    settings, folder_of_base = rulesets.read(base), rulesets.folders(base)[-1]
    named = base if base in rulesets.available() else str(folder_of_base)
    out.mkdir(parents=True)
    (out / "rules.toml").write_text(
        "\n".join(
            [
                "[ruleset]",
                f"id = {_quoted(out.name)}",
                f"activity_year = {settings.activity_year}",
                'status = "draft"',
                f"base = {_quoted(named)}",
                f"source = {_quoted(source)}",
                "",
            ]
        ),
        encoding="utf-8",
    )


def _write_drgs(rows: list[dict], base: str, out: Path, trim_points: dict[tuple[str, str], int]) -> None:
    """`drg.csv` with what differs from `base`."""
    before = {(row["sector"], row["drg"]): row for row in rulesets.read(base).tables["drg"]}
    lines = ["sector,drg,cost_weight,base_points" + (",trim_point" if trim_points else "")]
    for row in rows:
        key = (row["sector"], row["drg"])
        old, trim = before[key], trim_points.get(key, before[key]["trim_point"])
        given = (old["base_points"], old["cost_weight"], old["trim_point"])
        if given != (row["base_points"], row["cost_weight"], trim):
            line = f"{row['sector']},{row['drg']},{row['cost_weight']},{row['base_points']}"
            lines.append(line + (f",{'' if trim is None else trim}" if trim_points else ""))
    (out / "drg.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def summary(rows: list[dict], services: dict[str, Decimal] | None = None) -> str:
    """What was built: DRGs per method, factor and points per sector, and the weights that changed by more than half.

    `services`: sector → points of its services, which the table of `isf simulate` holds too.
    """
    lines = []
    for sector in SECTORS:
        chosen = [row for row in rows if row["sector"] == sector]
        if not chosen:
            continue
        of_stays = sum(row["stays"] * row["base_points"] for row in chosen)
        of_services = (services or {}).get(sector, Decimal(0))
        lines.append(
            f"{sector}: {len(chosen)} DRGs, factor {chosen[0]['factor']}, {of_stays + of_services} points on the "
            f"activity ({of_stays} of stays, {of_services} of services)"
        )
        for method in sorted({row["method"] for row in chosen if row["is_built"]}):
            of_method = [row for row in chosen if row["method"] == method and row["is_built"]]
            differ = sum(row["base_points"] != row["cost_weight"] for row in of_method)
            lines.append(f"  {method}: {len(of_method)} DRGs, {differ} with base points other than the cost weight")
    return "\n".join(lines + large_changes(rows))


def large_changes(rows: list[dict]) -> list[str]:
    """DRGs whose base points change by more than half, old and new, for the eye."""
    found = [
        f"  {row['sector']} {row['drg']}: {row['given_points']} -> {row['base_points']}"
        for row in rows
        if 2 * abs(row["base_points"] - row["given_points"]) > row["given_points"]
    ]
    return [f"Base points that change by more than half: {len(found)}", *found] if found else []


def service_points(ruleset: str | Path, volumes: Volumes) -> dict[str, Decimal]:
    """Sector → base points of its services under the rule set."""
    points = {(row["sector"], row["stg"]): row["base_points"] for row in rulesets.read(ruleset).tables["stg"]}
    found: dict[str, Decimal] = {}
    for sector, stg, services in volumes.services:
        found[sector] = found.get(sector, Decimal(0)) + services * points.get((sector, stg), Decimal(0))
    return found
