"""Which program made a settlement: the release and a hash of everything that decides a figure or a page of it."""

import hashlib
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ("duckdb", "pyarrow", "scipy", "xlsxwriter")
# Where a settlement begins, here or on a cluster; what these import, it passes through. A change elsewhere makes no new
# revision of one.
ENTRANCES = ("pipelines.settlement.run", "pipelines.settlement.publish", "pipelines.cluster.run")
# The SQL beside the way that a settlement passes through: its publication, what that discloses, and grouping anew.
STAGES = ("publication", "disclosure", "grouper", "grouper_rules", "grouper_unit", "grouper_unit_result")

# By pattern, since parsing every module takes ten times as long; a test compares it with what is imported. One that is
# imported by its name in text counts too.
IMPORTED = re.compile(r'^ *from (pipelines[\w.]*) import (\([^)]*\)|[^\n]*)|"(pipelines\.[\w.]+)"', re.MULTILINE)


@cache
def program_version() -> dict[str, str]:
    """`version`, `source_sha256` over what a settlement passes through, and the libraries that write output."""
    digest = hashlib.sha256()
    for path in settlement_files():
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    libraries = {name: version(name) for name in LIBRARIES}
    return {"version": version("isf-oppgjor"), "source_sha256": digest.hexdigest(), **libraries}


def settlement_files() -> list[Path]:
    """The files that a settlement passes through: the SQL of the way and of `STAGES`, the modules that it
    imports with the templates beside them, its expectations."""
    modules = settlement_modules()
    sql = [path for path in sorted((ROOT / "sql").iterdir()) if path.name[0].isdigit() or path.name in STAGES]
    folders = [*sql, *sorted({path.parent / "templates" for path in modules}), ROOT / "expectations" / "settlement"]
    found = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [ROOT / "sql" / "ref.sql", *found, *modules]


def settlement_modules() -> list[Path]:
    """The modules of the package that a settlement imports, also those it imports late."""
    found: set[Path] = set()
    waiting = list(ENTRANCES)
    while waiting:
        path = _module(waiting.pop())
        if path is None or path in found:
            continue
        found.add(path)
        waiting += [".".join(path.relative_to(ROOT).parent.parts)]  # a module is imported after its package
        for module, names, text in IMPORTED.findall(path.read_text(encoding="utf-8")):
            waiting += [module, *(f"{module}.{name}" for name in re.findall(r"\w+", names))] if module else [text]
    return sorted(found)


def _module(name: str) -> Path | None:
    path = ROOT.joinpath(*name.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)
