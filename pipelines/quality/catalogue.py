"""The catalogue of quality checks: `expectations/quality/*.toml`, one file per tier, read and checked.

A check's id is the name of its SQL file in `sql/quality_check/<tier>/`. The texts are Norwegian: people at
hospitals read them. Thresholds are used after measuring; `parameters` go to the SQL through `check_parameter`.
"""

import hashlib
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.engine.models import SQL_FOLDER, Model, models

FOLDER = Path(__file__).resolve().parents[2] / "expectations" / "quality"
TIERS = ("structure", "validity", "plausibility", "macro")
SEVERITIES = ("feil", "varsel")
KINDS = ("share", "volume", "level", "bunching", "test")
# Stages of sql/: what checks share, the checks, who is judged and by what.
HELPERS, CHECKS, FACTS = "quality", "quality_check", "quality_fact"
# Stages between: whose row a finding is, how it is put right, the patients' rows with it, and what that moves.
FINDINGS, REPAIRS, CLONES, EFFECTS = "quality_finding", "quality_repair", "quality_clone", "quality_effect"
NO_REPAIR = "none"  # what right coding would have given needs a new grouping, or moves no points
_MACRO_ONLY = {"kind", "counts", "change", "by_peers", "least", "direction"}
_REQUIRED = {
    "id", "title", "severity", "paragraph", "unit", "denominator", "threshold", "definition", "why", "coder", "it",
    "points",
}  # fmt: skip


@dataclass(frozen=True)
class Check:
    """A check. `threshold`: a larger share of failing rows is a fail; `trial`: reported, not counted; `repair`: how a
    row is put right to see what is at stake (`sql/quality_repair/change`); `certain`: there is one way to do so;
    `definition`: a parameter in braces is its value;
    `by_peers`: trusts are judged against each other too, not against themselves alone;
    `counts`: of a macro check that is judged by statistics, the SQL file of what it is judged on."""

    id: str
    tier: str
    position: int
    title: str
    severity: str
    paragraph: str
    unit: str
    denominator: str
    threshold: Decimal
    definition: str
    why: str
    coder: str
    it: str
    points: str
    trial: bool = False
    repair: str = NO_REPAIR
    certain: bool = False
    kind: str = "rows"
    change: Decimal = Decimal(0)
    by_peers: bool = True
    least: Decimal = Decimal(0)
    direction: str = "both"
    counts: str = ""
    parameters: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def sql(self) -> Path:
        """The SQL file of the check: its own, or that of the counts it is judged on."""
        return check_models()[self.id].file if not self.counts else SQL_FOLDER / self.counts

    @property
    def is_macro(self) -> bool:
        return self.tier == "macro"


@dataclass(frozen=True)
class Tier:
    """A file of the catalogue."""

    id: str
    title: str
    text: str
    checks: tuple[Check, ...]


@cache
def tiers(folder: Path = FOLDER) -> tuple[Tier, ...]:
    """The tiers in order. Raises ValueError naming file, check and fault."""
    found, position = [], 0
    for path in sorted(folder.glob("*.toml")):
        tier = _tier(path, position)
        position += len(tier.checks)
        found.append(tier)
    ids = [check.id for tier in found for check in tier.checks]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled:
        raise ValueError(f"{folder}: checks with the same id: {', '.join(doubled)}")
    return tuple(found)


def checks(folder: Path = FOLDER) -> tuple[Check, ...]:
    """All checks, in the order of the catalogue."""
    return tuple(check for tier in tiers(folder) for check in tier.checks)


def by_id(folder: Path = FOLDER) -> dict[str, Check]:
    return {check.id: check for check in checks(folder)}


def _tier(path: Path, position: int) -> Tier:
    content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    name, defaults = content["tier"], content.get("default", {})
    if name not in TIERS:
        raise ValueError(f"{path.name}: tier is {name!r}; it must be one of {', '.join(TIERS)}")
    found = tuple(
        _check(path, name, position + number, {**defaults, **raw}) for number, raw in enumerate(content["check"], 1)
    )
    return Tier(name, content["title"], content["text"], found)


def _check(path: Path, tier: str, position: int, raw: dict[str, Any]) -> Check:
    name = raw.get("id", f"number {position}")
    known = _REQUIRED | {"trial", "parameters"} | (_MACRO_ONLY if tier == "macro" else {"repair", "certain"})
    faults = [f"unknown key {key}" for key in sorted(raw.keys() - known)]
    faults += [f"{key} is missing" for key in sorted(_REQUIRED - raw.keys())]
    if raw.get("severity") not in SEVERITIES:
        faults.append(f"severity must be one of {', '.join(SEVERITIES)}")
    if tier == "macro" and raw.get("kind") not in KINDS:
        faults.append(f"kind must be one of {', '.join(KINDS)}")
    if raw.get("repair", NO_REPAIR) not in {NO_REPAIR, *repairs()}:
        faults.append(f"repair must be {NO_REPAIR} or one of {', '.join(sorted(repairs()))}")
    if not isinstance(raw.get("by_peers", True), bool):
        faults.append("by_peers must be true or false")
    if faults:
        raise ValueError(f"{path.name}: check {name}: {'; '.join(faults)}")
    keys = ("threshold", "change", "least")
    numbers: dict[str, Any] = {key: Decimal(raw[key]) for key in keys if key in raw}
    definition = raw["definition"].format_map(raw.get("parameters", {}))
    return Check(**{**raw, **numbers, "definition": definition, "tier": tier, "position": position})


def repairs() -> dict[str, Model]:
    """The SQL of each repair by its name."""
    return {model.header["repair"]: model for model in models(REPAIRS) if "repair" in model.header}


def repair_rows(folder: Path = FOLDER) -> list[tuple[str, str]]:
    """Rows of `check_repair`: check and how its rows are put right."""
    return [(check.id, check.repair) for check in checks(folder)]


def parameter_rows(folder: Path = FOLDER) -> list[tuple[str, str, int, str, int | None]]:
    """Rows of `check_parameter`: check, parameter, position in its list, value as text, value as a whole number."""
    rows = []
    for check in checks(folder):
        for name, value in check.parameters.items():
            values = value if isinstance(value, list) else [value]
            for place, one in enumerate(values, 1):
                rows.append((check.id, name, place, str(one), one if isinstance(one, int) else None))
    return rows


def setting_rows(folder: Path = FOLDER) -> list[tuple]:
    """Rows of `check_setting`, what judging needs of each check; `SETTING` has the columns."""
    return [
        (
            c.id, c.tier, c.severity, c.denominator, c.threshold, c.trial, c.kind, c.change, c.by_peers, c.least,
            c.direction, c.position,
        )
        for c in checks(folder)
    ]  # fmt: skip


SETTING = (
    "check_id varchar, tier varchar, severity varchar, denominator varchar, threshold decimal(9, 6), trial boolean,"
    " kind varchar, change decimal(9, 6), by_peers boolean, least decimal(9, 3), direction varchar,"
    " position integer"
)
PARAMETER = "check_id varchar, parameter varchar, position integer, value varchar, number bigint"


def check_models() -> dict[str, Model]:
    """The SQL of each check by its id."""
    return {model.name: model for model in models(CHECKS) if model.path}


def measure_sha256() -> str:
    """A hash over what measuring depends on besides the warehouse: the SQL and the parameters, not the thresholds."""
    texts = [
        model.sql for stage in (HELPERS, CHECKS, FINDINGS, REPAIRS, CLONES, EFFECTS, FACTS) for model in models(stage)
    ]
    texts += [repr(row) for row in [*parameter_rows(), *repair_rows()]]
    return hashlib.sha256("\n".join(texts).encode("utf-8")).hexdigest()
