"""Rule sets: `reference_data/<rule set>/` → schema `ref` of a database (docs/architecture.md).

    available()                        the rule sets that come with the project
    for_year(2025)                     the final set of an activity year
    read("2025")                       tables, rules and parameters as rows, checked
    load("2025", con)                  the same as tables of schema `ref`
    sha256("2025")                     one hash over all files of the set and its bases

A rule set is named by its id, or by the path of a folder of the user's own. A set without some of its changes is
named with them behind it: `2026-draft uten no_980_deduction, day_births`; that is also its id. Faults are collected
and raised together as `RulesetInvalid`. Numbers are Decimal from file to database.
"""

import difflib
import hashlib
import threading
import tomllib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.engine import workspace
from pipelines.errors import RulesetInvalid
from pipelines.rules import check, reads
from pipelines.rules.read import Layer, merge_tables, read_layer, typed_rows
from pipelines.rules.register import merge_rules, parameter_rows, rule_rows
from pipelines.rules.shape import SQL_TYPES, TABLES

ROOT = Path(__file__).resolve().parents[2] / "reference_data"
WITHOUT = " uten "

_COLUMNS = {
    "ruleset": {
        "ruleset": "text",
        "activity_year": "int",
        "status": "text",
        "base": "text?",
        "sha256": "text",
    },
    "change": {"change": "text", "title": "text", "source": "text", "touches": "text", "enabled": "flag"},
    "rule": {
        "rule": "text",
        "paragraph": "text",
        "title": "text",
        "chapter": "text",
        "status": "text",
        "reason": "text?",
        "reason_no": "text?",
        "source": "text",
        "draft": "flag",
        "position": "int",
    },
    "parameter": {
        "rule": "text",
        "parameter": "text",
        "value": "text",
        "points": "points?",
        "number": "long?",
        "kind": "text",
        "unit": "text?",
        "assumption": "flag",
        "paragraph": "text",
        "source": "text",
        "description": "text",
        "text_no": "text",
    },
    **{name: table.columns for name, table in TABLES.items()},
}
# The file and row that each row of a rule set came from.
for _name in ("rule", "parameter", *TABLES):
    _COLUMNS[_name] = {**_COLUMNS[_name], "place": "text"}


@dataclass
class Ruleset:
    """A checked rule set. `tables`: name → rows (dicts of Decimal, int, date, bool, str or None), the CSV
    tables and also `ruleset`, `change`, `rule` and `parameter`. `_at` of a row is its place in the files."""

    id: str
    activity_year: int
    status: str
    base: str | None
    sha256: str
    tables: dict[str, list[dict]]
    # What the set was read by, its changes left aside: an id or a folder.
    named: str | Path = ""

    def without(self, changes: Iterable[str]) -> "Ruleset":
        """The same set with these of its changes left out, beside those that already are."""
        off = [row["change"] for row in self.tables["change"] if not row["enabled"]]
        return read(self.named, {*off, *changes})


# The sets read last. A server reads two for every change that is tried.
_cache: OrderedDict[tuple, Ruleset] = OrderedDict()
_cache_lock = threading.Lock()
CACHED = 32


def available() -> list[str]:
    """Ids of the rule sets in reference_data/, sorted."""
    return sorted(path.parent.name for path in ROOT.glob("*/rules.toml"))


def read_settings(folder: Path) -> dict:
    """`[ruleset]` of a folder; empty if it cannot be read (the fault is raised when the set is read)."""
    try:
        stat = (folder / "rules.toml").stat()
        return _settings(folder / "rules.toml", stat.st_mtime_ns, stat.st_size)
    except (OSError, ValueError, RecursionError):
        return {}


@lru_cache
def _settings(path: Path, _changed: int, _size: int) -> dict:
    settings = tomllib.loads(path.read_text(encoding="utf-8")).get("ruleset", {})
    return settings if isinstance(settings, dict) else {}


def for_year(year: int) -> str:
    """Id of the final rule set of an activity year. Raises RulesetInvalid naming drafts and the remedy."""
    settings = {name: read_settings(ROOT / name) for name in available()}
    of_year = {name: s for name, s in settings.items() if s.get("activity_year") == year}
    final = [name for name, s in of_year.items() if s.get("status") == "final"]
    if len(final) == 1:
        return final[0]
    if final:
        raise RulesetInvalid(
            str(year),
            [f"Year {year} has several final rule sets: {', '.join(final)}. Choose one with --ruleset {final[0]}."],
        )
    if of_year:
        draft = sorted(of_year)[0]
        raise RulesetInvalid(
            str(year),
            [
                f"Year {year} has no final rule set, only the draft {draft}. "
                f"To compute with the draft, say --ruleset {draft}."
            ],
        )
    years = sorted({s["activity_year"] for s in settings.values() if s.get("status") == "final"})
    known = ", ".join(map(str, years))
    raise RulesetInvalid(
        str(year),
        [
            f"Year {year} has no rule set; there are {known}. Add one "
            "(docs/rule-sets.md), or choose a set with --ruleset."
        ],
    )


def newest_final() -> str:
    """Id of the final rule set of the latest activity year."""
    settings = {name: read_settings(ROOT / name) for name in available()}
    final = {name: s["activity_year"] for name, s in settings.items() if s.get("status") == "final"}
    return max(final, key=lambda name: (final[name], name))


def folders(ruleset: str | Path) -> list[Path]:
    """The folders of a set, base first. Raises RulesetInvalid if one is not found or is its own base."""
    chain: list[Path] = []
    folder = _folder(ruleset, Path.cwd())
    while folder is not None:
        if folder in chain:
            raise RulesetInvalid(
                str(ruleset),
                [f"{folder.name}/rules.toml: base leads back to the set itself. Name another base, or none."],
            )
        chain.append(folder)
        base = read_settings(folder).get("base")
        folder = _folder(base, folder) if isinstance(base, str) and base else None
    return chain[::-1]


def _folder(ruleset: str | Path, beside: Path) -> Path | None:
    name = str(ruleset)
    if name in available() and not isinstance(ruleset, Path):
        return ROOT / name
    for path in (beside / name, beside.parent / name):
        if (path / "rules.toml").is_file():
            return path.resolve()
    if name.isdigit():
        return ROOT / for_year(int(name))  # a year without a set of that id: its final set, or why there is none
    near = difflib.get_close_matches(name, available(), n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise RulesetInvalid(
        name,
        [
            f"There is no rule set '{name}'.{hint} Use one of {', '.join(available())}, "
            "or the path of a folder with a rules.toml."
        ],
    )


def without(ruleset: str | Path, changes: Iterable[str]) -> str | Path:
    """The name of a set without some of its changes, these beside those that it already lacks."""
    name, lacking = split(ruleset)
    off = sorted({*lacking, *changes})
    return f"{name}{WITHOUT}{', '.join(off)}" if off else ruleset


def split(ruleset: str | Path) -> tuple[str | Path, list[str]]:
    """A name as the set and the changes it is without."""
    name, _, changes = str(ruleset).partition(WITHOUT)
    return (name, [change.strip() for change in changes.split(",")]) if changes else (ruleset, [])


def read(ruleset: str | Path, disable: Iterable[str] = ()) -> Ruleset:
    """Read and check a rule set, with the named changes of a derived set switched off. The last CACHED are kept.

    Raises RulesetInvalid with every fault found: file, row, value, remedy.
    """
    ruleset, lacking = split(ruleset)
    disable = {*lacking, *disable}
    chain = folders(ruleset)
    files = [f for folder in chain for f in _files(folder)]
    stamp = tuple((str(f), (stat := f.stat()).st_mtime_ns, stat.st_size) for f in files)
    key = (stamp, tuple(sorted(disable)))
    with _cache_lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    found = _read(str(ruleset), chain, disable)
    found.named = ruleset
    with _cache_lock:
        found = _cache.setdefault(key, found)
        while len(_cache) > CACHED:
            _cache.popitem(last=False)
    return found


def _files(folder: Path) -> list[Path]:
    return [folder / "rules.toml", *sorted(folder.glob("*.csv"))]


def _read(name: str, chain: list[Path], disabled: set[str]) -> Ruleset:
    faults: list[str] = []
    layers = [read_layer(folder, faults) for folder in chain]
    if faults:
        raise RulesetInvalid(name, faults)
    top = layers[-1].settings
    if top["id"] in available() and chain[-1] != ROOT / top["id"]:
        faults.append(
            f"{chain[-1].name}/rules.toml [ruleset]: id '{top['id']}' is that of a rule set that comes with the"
            " program. Give the set an id of its own."
        )
    changes = _changes(layers, disabled, faults)
    tables = {t: typed_rows(t, rows, faults) for t, rows in merge_tables(layers, disabled, faults).items()}
    rules = merge_rules(layers, disabled, faults)
    sources = {str(layer.folder): layer.settings.get("source", "") for layer in layers}
    tables["rule"] = rule_rows(rules, faults)
    tables["parameter"] = parameter_rows(rules, sources, faults)
    digest = _digest(chain, disabled)
    identity = {
        "ruleset": str(without(top["id"], disabled)),
        "activity_year": top["activity_year"],
        "status": top["status"],
        "base": top.get("base"),
        "sha256": digest,
    }
    tables = {"ruleset": [identity], "change": changes, **tables}
    found = Ruleset(identity["ruleset"], top["activity_year"], top["status"], top.get("base"), digest, tables)
    faults += check.faults(found, fill)
    if faults:
        raise RulesetInvalid(name, faults)
    return found


def _changes(layers: list[Layer], disabled: set[str], faults: list[str]) -> list[dict]:
    rows = []
    for layer in layers:
        for change in layer.toml.get("change", []):
            missing = [k for k in ("id", "title", "source", "touches") if not isinstance(change.get(k), str)]
            if missing:
                faults.append(
                    f"{layer.folder.name}/rules.toml [[change]] {change.get('id')}: "
                    f"{', '.join(missing)} missing. Write them."
                )
                continue
            rows.append(
                {
                    "change": change["id"],
                    "title": change["title"],
                    "source": change["source"],
                    "touches": change["touches"],
                    "enabled": change["id"] not in disabled,
                }
            )
        known = {change.get("id") for change in layer.toml.get("change", [])}
        for entry in layer.toml.get("remove", []):
            if entry.get("change") is not None and entry["change"] not in known:
                faults.append(
                    f"{layer.folder.name}/rules.toml [[remove]]: change '{entry['change']}' is not "
                    "declared. Add a [[change]] with this id."
                )
    for unknown in sorted(disabled - {r["change"] for r in rows}):
        faults.append(
            f"There is no change '{unknown}' to disable. The changes of this set: "
            f"{', '.join(r['change'] for r in rows) or 'none'}."
        )
    return rows


def sha256(ruleset: str | Path, disable: Iterable[str] = ()) -> str:
    """Hash over names and bytes of all files of the set and its bases, and over the changes switched off."""
    ruleset, lacking = split(ruleset)
    return _digest(folders(ruleset), {*lacking, *disable})


def _digest(chain: list[Path], disabled: set[str]) -> str:
    digest = hashlib.sha256()
    for depth, folder in enumerate(chain):
        for file in _files(folder):
            content = file.read_bytes()
            digest.update(f"{depth}/{file.name}\n{len(content)}\n".encode() + content)
    for change in sorted(disabled):
        digest.update(f"disabled {change}\n".encode())
    return digest.hexdigest()


def load(ruleset: str | Path, con, disable: Iterable[str] = ()) -> Ruleset:
    """Create schema `ref` in an open DuckDB connection and fill it, replacing what was there."""
    rules = read(ruleset, disable)
    fill(rules, con)
    return rules


def fill(rules: Ruleset, con) -> None:
    """Schema `ref` of the connection's current database from a set already read, replacing what was there."""
    width = max(map(len, _COLUMNS.values()))
    content = [
        [
            name,
            *(row["_at"] if column == "place" else row[column] for column in columns),
            *[None] * (width - len(columns)),
        ]
        for name, rows in rules.tables.items()
        for columns in [_COLUMNS[name]]
        for row in rows
    ]
    # All tables go as one: to look at Python's values takes DuckDB longer than to make a table.
    texts = ", ".join(f"text_{number} varchar" for number in range(width))
    workspace.fill(con, "ref_text", f"ref_table varchar, {texts}", content, temporary=True)
    con.execute("create schema if not exists ref")
    for name in rules.tables:
        chosen = ", ".join(
            f"text_{number}::{_sql_type(kind)} as {workspace.identifier(column)}"
            for number, (column, kind) in enumerate(_COLUMNS[name].items())
        )
        con.execute(
            f"create or replace table ref.{workspace.identifier(name)} as"
            f" select {chosen} from ref_text where ref_table = {workspace.literal(name)}"
        )
    con.execute("drop table ref_text")
    con.execute(reads.FUNCTIONS.read_text(encoding="utf-8"))


def _sql_type(kind: str) -> str:
    kind = kind.removesuffix("?")
    if kind in SQL_TYPES:
        return f"decimal{SQL_TYPES[kind]}"
    return {"int": "integer", "long": "bigint", "date": "date", "flag": "boolean"}.get(kind, "varchar")
