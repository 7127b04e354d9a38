"""A weight set from cost weights and the volumes of an activity: `isf weights build`.

The formulas are in `sql/simulation_weight`; the families, classes and methods are data of the
rule set (`day_surgery_family`, `weight_method`). The result is a rule set of the user's own that holds only
what differs.
"""

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pipelines.engine import home as homes
from pipelines.engine import workspace
from pipelines.engine.models import run
from pipelines.errors import IsfError
from pipelines.rules import load as rulesets

Volumes = list[tuple[str, str, int, int]]
COLUMNS = ("sector", "drg", "cost_weight")
STAGE = "simulation_weight"


def read_cost_weights(path: Path) -> list[tuple[str, str, Decimal]]:
    """CSV with sector, drg, cost_weight (comma or semicolon). Raises IsfError with every fault: line, value,
    remedy."""
    faults: list[str] = []
    rows: list[tuple[str, str, Decimal]] = []
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    if not text:
        raise IsfError(f"{path}: there is no such file, or it is empty. Give a CSV with {', '.join(COLUMNS)}.")
    reader = csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.splitlines()[0] else ",")
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise IsfError(f"{path}: column {', '.join(missing)} is missing. The columns are {', '.join(COLUMNS)}.")
    seen = set()
    for line, row in enumerate(reader, 2):
        key = ((row["sector"] or "").strip().upper(), (row["drg"] or "").strip().upper())
        try:
            weight = Decimal((row["cost_weight"] or "").strip().replace(",", "."))
        except InvalidOperation:
            weight = Decimal("NaN")
        if not weight.is_finite() or weight < 0 or -weight.as_tuple().exponent > 3:
            faults.append(f"line {line}: cost_weight {row['cost_weight']!r} must be 0 or more, at most 3 decimals.")
        elif key[0] not in ("SOM", "PHVTSB"):
            faults.append(f"line {line}: sector {row['sector']!r} must be SOM or PHVTSB.")
        elif key in seen:
            faults.append(f"line {line}: {key[0]} {key[1]} is given twice.")
        seen.add(key)
        rows.append((*key, weight))
    if faults:
        raise IsfError(f"{path} cannot be used:\n" + "\n".join(f"  - {fault}" for fault in faults))
    return rows


def build(
    ruleset: str | Path,
    volumes: Volumes,
    cost_weights: list[tuple[str, str, Decimal]] | None = None,
    totals: dict[str, Decimal] | None = None,
) -> list[dict]:
    """Base points per DRG of `ruleset`. `volumes`: (sector, drg, stays, short stays); `cost_weights`:
    (sector, drg, weight), those of the set where absent; `totals`: sector → points to calibrate to. Rows as
    `built_weight.sql`.

    Raises IsfError for a cost weight of a DRG that the set lacks.
    """
    con = workspace.connect()
    rules = rulesets.load(ruleset, con)
    known = {(row["sector"], row["drg"]) for row in rules.tables["drg"]}
    unknown = sorted({(s, d) for s, d, _ in cost_weights or []} - known)
    if unknown:
        names = ", ".join(" ".join(key) for key in unknown[:5])
        raise IsfError(f"Cost weights of {len(unknown)} DRGs that {ruleset} lacks: {names}. Add them to its drg.csv.")
    key = "sector varchar, drg varchar"
    workspace.fill(con, "new_cost_weight", f"{key}, cost_weight decimal(18, 3)", cost_weights or [])
    workspace.fill(con, "drg_volume", f"{key}, stays bigint, short_stays bigint", volumes)
    workspace.fill(con, "target_points", "sector varchar, points decimal(18, 3)", (totals or {}).items())
    run(STAGE, con, only=["built_weight"])
    return workspace.rows(con, "select * from built_weight order by sector desc, drg")


def volumes_of(home: Path, activity: str, ruleset: str | Path) -> Volumes:
    """Stays and short stays per DRG of a settled delivery; what is short is the rule set's."""
    con = workspace.connect()
    workspace.attach(con, homes.find_warehouse(home, activity), "wh")
    rulesets.load(ruleset, con)
    run(STAGE, con, reading={"stay": "wh.main.stay"}, only=["drg_volume"])
    return con.execute("select * from drg_volume order by sector, drg").fetchall()


def write(rows: list[dict], base: str, out: Path, source: str) -> Path:
    """A rule set folder with the DRGs whose points or cost weights differ from `base`. Raises IsfError if it
    exists."""
    if out.exists():
        raise IsfError(f"{out} exists already. Choose another folder, or remove it.")
    before = {(row["sector"], row["drg"]): row for row in rulesets.read(base).tables["drg"]}
    settings = rulesets.read(base)
    folder_of_base = rulesets.folders(base)[-1]
    named = base if base in rulesets.available() else str(folder_of_base)
    out.mkdir(parents=True)
    lines = ["sector,drg,cost_weight,base_points"]
    for row in rows:
        old = before[(row["sector"], row["drg"])]
        if (old["base_points"], old["cost_weight"]) != (row["base_points"], row["cost_weight"]):
            lines.append(f"{row['sector']},{row['drg']},{row['cost_weight']},{row['base_points']}")
    (out / "drg.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
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
    rulesets.read(out)
    return out


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def summary(rows: list[dict]) -> str:
    """What was built: DRGs per method, factor and points per sector."""
    lines = []
    for sector in ("SOM", "PHVTSB"):
        chosen = [row for row in rows if row["sector"] == sector]
        if not chosen:
            continue
        total = sum(row["stays"] * row["base_points"] for row in chosen)
        lines.append(f"{sector}: {len(chosen)} DRGs, factor {chosen[0]['factor']}, {total} points on the activity")
        for method in sorted({row["method"] for row in chosen}):
            of_method = [row for row in chosen if row["method"] == method]
            differ = sum(row["base_points"] != row["cost_weight"] for row in of_method)
            lines.append(f"  {method}: {len(of_method)} DRGs, {differ} with base points other than the cost weight")
    return "\n".join(lines)
