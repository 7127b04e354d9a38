"""`manifest.json`: what a published folder was made from, and the hash of every file in it.

No clock, no host and no path of the machine: the same inputs, rules and program give the same bytes.
"""

import hashlib
import json
import stat
from pathlib import Path, PurePosixPath
from typing import Any

from pipelines.errors import IsfError
from pipelines.publication.audience import Audience

NAME = "manifest.json"
FORMAT = "isf-oppgjor/published/2"
SELF = "manifest_sha256"
REQUIRED = ("delivery", "inputs", "ruleset", "program", "options")


def facts(run: dict) -> dict:
    """The part of `run` that the manifest keeps, checked to be complete.

    `run`: `delivery`; `inputs`, a list of {file, format, rows, sha256}; `ruleset` {id, status, sha256};
    `program` {version, …}; `options` {drg_source, accept_quarantine, …}; further entries are kept as they
    are.
    """
    missing = [key for key in REQUIRED if key not in run]
    if missing:
        raise IsfError(
            f"The facts of the run lack {', '.join(missing)}; the manifest needs them (delivery contract, 2)."
        )
    return dict(run)


def files_in(folder: Path) -> list[str]:
    """All files below `folder`, as relative POSIX paths, sorted."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() or p.is_symlink())


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def content(run: dict, rows: dict[str, int], audience: Audience, **further: Any) -> dict:
    """The content of a publication's manifest but for its files. `run`: see `facts`; `rows`: per table; `further`:
    entries of this kind of publication."""
    told = {"audience": audience.name, "audience_text": audience.line}
    return {"format": FORMAT, **told, **facts(run), "rows": rows, **further}


def build(content: dict, files: dict[str, str]) -> bytes:
    """The manifest's bytes. `files`: sha256 per file. Its own hash covers all the rest of it."""
    whole = {**content, "files": files}
    return dump({**whole, SELF: own_hash(whole)})


def own_hash(content: dict) -> str:
    """The hash of a manifest's content without the entry that holds it."""
    return hashlib.sha256(dump({k: v for k, v in content.items() if k != SELF})).hexdigest()


def dump(content: dict) -> bytes:
    """Canonical JSON: sorted keys, two spaces, UTF-8, a newline at the end."""
    return (json.dumps(content, sort_keys=True, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def own_hash_of(raw: bytes) -> str:
    """The hash a manifest carries of itself."""
    return json.loads(raw)[SELF]


def compare(folder: Path) -> tuple[list[str], dict | None]:
    """Compares the folder with its manifest: problems, and the manifest if it can be read."""
    path = folder / NAME
    if not path.is_file():
        return [f"{NAME} is missing in {folder.name}"], None
    if path.is_symlink():
        return [f"{NAME} is a link; a published folder has its own"], None
    raw = path.read_bytes()
    try:
        content = json.loads(raw)
        listed = content["files"]
        intact = content[SELF] == own_hash(content) and raw == dump(content)
    except (ValueError, KeyError, TypeError, AttributeError):
        return [f"{NAME} is changed: it is not a manifest of this program"], None
    problems = [] if intact else [f"{NAME} is changed: its own hash does not agree with its content"]
    problems += [f"{name} is an extra folder, not in the manifest" for name in _folders_without(folder, listed)]
    problems += [f"{name} is neither a file nor a folder" for name in _special(folder)]
    present = set(files_in(folder)) - {NAME}
    for name in sorted(present | set(listed)):
        if name not in present:
            problems.append(f"{name} is missing")
        elif name not in listed:
            problems.append(f"{name} is an extra file, not in the manifest")
        elif not _is_plain(folder / name) or sha256_of(folder / name) != listed[name]:
            problems.append(f"{name} is changed: its hash is not the manifest's")
    return problems, content


def _is_plain(path: Path) -> bool:
    """A file and nothing else: a link leads elsewhere, a pipe would be waited for."""
    return stat.S_ISREG(path.lstat().st_mode)


def _folders_without(folder: Path, listed: dict) -> list[str]:
    """The folders in which no file of the manifest lies."""
    needed = {parent.as_posix() for name in listed for parent in PurePosixPath(name).parents}
    found = (path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink())
    return sorted({path.relative_to(folder).as_posix() for path in found} - needed)


def _special(folder: Path) -> list[str]:
    """What is neither a file nor a folder nor a link: a pipe, a socket, a device."""
    found = (path for path in folder.rglob("*") if not (path.is_file() or path.is_dir() or path.is_symlink()))
    return sorted(path.relative_to(folder).as_posix() for path in found)
