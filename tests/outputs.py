"""What lies in a home against the list of outputs: every file is on it, and for whom it says it is."""

import stat
import zipfile
from pathlib import Path

from pipelines.publication.audience import DIRECTORATE, output_of

SAYS = {".html", ".xlsx"}
DATABASES = {"warehouse", "unpublished", "quality", "simulation", "serve"}


def misplaced(home: Path) -> list[str]:
    """What is wrong with the files of a home, one sentence each: not on the list, other modes, no line of its own."""
    wrong = []
    for path in sorted(path for path in home.rglob("*") if path.is_file()):
        place = path.relative_to(home).as_posix()
        output = output_of(place)
        if output is None:
            wrong.append(f"{place} is not in OUTPUTS of pipelines/publication/audience.py")
            continue
        mode, top = stat.S_IMODE(path.stat().st_mode), place.split("/")[0]
        is_own = top in DATABASES or top in ("deliveries", "grouper", "answer.key", ".lock")
        if (mode & 0o077) if output.audience is DIRECTORATE and is_own else mode != output.audience.file_mode:
            wrong.append(f"{place} has mode {mode:04o}")
        if top != "deliveries" and path.suffix in SAYS and output.audience.line not in _text(path):
            wrong.append(f"{place} does not say for whom it is")
        if path.name == "manifest.json" and top != "grouper" and f'"{output.audience.name}"' not in path.read_text():
            wrong.append(f"{place} does not say for whom it is")
    return wrong


def _text(path: Path) -> str:
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as book:
        names = [name for name in book.namelist() if name.endswith(".xml")]
        return "".join(book.read(name).decode("utf-8") for name in names)
