"""Which program made a settlement: the release and a hash of everything that decides a figure or a page of it."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ("duckdb", "pyarrow", "xlsxwriter")
# The rooms that a settlement passes through; a change elsewhere makes no new revision of one. A test holds this list
# against the imports.
ROOMS = ("engine", "delivery", "rules", "checks", "publication", "settlement", "grouper")

# The stages beside the way that stays are grouped anew by.
STAGES = ("grouper_rules", "grouper_unit", "grouper", "grouper_unit_result")


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
    """The files that a settlement passes through: the numbered SQL, its rooms of the package, its expectations."""
    folders = [
        *(path for path in sorted((ROOT / "sql").iterdir()) if path.name[0].isdigit() or path.name in STAGES),
        *(ROOT / "pipelines" / room for room in ROOMS),
        ROOT / "expectations" / "settlement",
    ]
    found = (path for folder in folders for path in sorted(folder.rglob("*")))
    return [path for path in found if path.is_file() and path.suffix != ".pyc"]
