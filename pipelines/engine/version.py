"""Which program made a settlement: the release and a hash of everything that decides a figure or a page of it."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ("duckdb", "pyarrow", "xlsxwriter")
# Parts that no settlement passes through: a change there must not make a new revision of one.
OTHER_JOBS = {"generate", "simulate", "quality", "orchestration", "80_quality", "85_quality_result", "90_simulation"}


@cache
def program_version() -> dict[str, str]:
    """`version`, `source_sha256` over SQL, package and expectations, and the libraries that write output."""
    digest = hashlib.sha256()
    files = [
        path
        for folder in ("sql", "pipelines", "expectations")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and path.suffix != ".pyc" and not OTHER_JOBS.intersection(path.relative_to(ROOT).parts)
    ]
    for path in files:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    libraries = {name: version(name) for name in LIBRARIES}
    return {"version": version("isf-oppgjor"), "source_sha256": digest.hexdigest(), **libraries}
