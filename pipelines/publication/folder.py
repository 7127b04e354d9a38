"""A published folder: it appears whole or not at all, and is never changed afterwards.

Everything is written into a hidden folder beside it, flushed to disk, made read-only and renamed. What a killed run
left behind is removed by the next one, if the process that owned it is gone.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipelines.engine import home as homes
from pipelines.errors import IsfError
from pipelines.publication import manifest
from pipelines.publication.manifest import files_in

PERSONAL_MODE = 0o400
FILE_MODE = 0o444
FOLDER_MODE = 0o755
PRIVATE_MODE = 0o700


@dataclass(frozen=True)
class Made:
    """What was written into a folder. `content`: of its manifest, but for the files; `personal`: the files that hold
    rows of single patients or small numbers, for their owner alone (None: all of a private folder, none of another)."""

    content: dict
    personal: frozenset[str] | None = None


@dataclass(frozen=True)
class Published:
    """Where a publication lies. `unchanged`: the same one was published before, nothing new was written.

    `revision` is 1 for the folder of the name itself, n for `<name>-r<n>`.
    """

    path: Path
    revision: int
    unchanged: bool
    manifest_sha256: str


def publish(
    parent: Path,
    name: str,
    write: Callable[[Path], Made],
    *,
    private: bool = False,
    before: Callable[[bytes], None] = lambda manifest: None,
) -> Published:
    """Publish under `parent` what `write` puts into the folder it is given, with a manifest; a new revision if it
    differs from the newest that is there. `before(manifest)` is called when all is written, right before the folder
    takes its name; `private`: all of it is for its owner alone. Raises IsfError for an unusable name; an error on the
    way leaves nothing behind."""
    safe_name(name)
    tmp = homes.building(parent, name)
    tmp.mkdir(mode=0o700)
    try:
        raw = finish(tmp, write(tmp), private=private)
        before(raw)
        if known := same(revisions(parent, name), raw):
            return known
        path, number = place(tmp, parent, name)
        return Published(path, number, False, manifest.own_hash_of(raw))
    finally:
        homes.remove(tmp)


def finish(tmp: Path, made: Made, *, private: bool = False) -> bytes:
    """Give a written folder its manifest, make all of it read-only and flush it to the disk; the manifest's bytes."""
    files = {file: manifest.sha256_of(tmp / file) for file in files_in(tmp)}
    raw = manifest.build(made.content, files)
    (tmp / manifest.NAME).write_bytes(raw)
    every = frozenset(files_in(tmp)) if private else frozenset()
    seal(tmp, every if made.personal is None else made.personal, PRIVATE_MODE if private else FOLDER_MODE)
    return raw


def same(there: dict[int, Path], raw: bytes) -> Published | None:
    """The newest revision, if it has this very manifest and its files still are as published. An older one is not the
    same: the newest is what everybody takes for valid, so what is gone back to is published anew."""
    number = max(there, default=0)
    known = there[number] / manifest.NAME if there else None
    if known and known.is_file() and known.read_bytes() == raw and not manifest.compare(known.parent)[0]:
        return Published(known.parent, number, True, manifest.own_hash_of(raw))
    return None


def safe_name(name: str) -> str:
    """A name that can be a folder's name; anything else is refused."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise IsfError(f"A delivery named {name!r} cannot be a folder. Remedy: name it as year-tertial-number.")
    return name


def safe_path(name: str) -> str:
    """A relative path of an extra file; it must stay inside the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or any(part.startswith(".") for part in path.parts) or "\\" in name:
        raise IsfError(f"An extra file named {name!r} would lie outside the published folder.")
    return str(path)


def seal(folder: Path, personal: frozenset[str], folder_mode: int = FOLDER_MODE) -> None:
    """Make every file read-only (`personal` ones for the owner alone) and flush files and folders to disk."""
    for name in files_in(folder):
        path = folder / name
        _flush(path)
        path.chmod(PERSONAL_MODE if name in personal else FILE_MODE)
    for path in [folder, *(p for p in folder.rglob("*") if p.is_dir())]:
        path.chmod(folder_mode)
        _flush(path)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def revisions(published: Path, name: str) -> dict[int, Path]:
    """The published folders of a name by revision number; the folder without suffix is revision 1."""
    pattern = re.compile(rf"{re.escape(name)}(?:-r([1-9]\d*))?")
    found = {}
    for path in published.iterdir():
        match = pattern.fullmatch(path.name)
        if match and path.is_dir():
            found[int(match[1] or 1)] = path
    return dict(sorted(found.items()))


def place(tmp: Path, published: Path, name: str, beside: tuple[Path, Path] | None = None) -> tuple[Path, int]:
    """Rename `tmp` to the next free revision of `name`: its path and number.

    `beside`: a folder and the one in which it belongs under the same name. It takes its place first, so that nothing is
    ever published without it; one that a killed run has left there without a publication makes way.
    """
    with homes.turn_in(published):
        number = max(revisions(published, name), default=0) + 1
        target = published / (name if number == 1 else f"{name}-r{number}")
        if target.exists():
            raise IsfError(f"{target} is in the way of a publication. Remedy: move it away.")
        if beside:
            companion, parent = beside
            homes.remove(parent / target.name)
            os.rename(companion, parent / target.name)
            _flush(parent)
        os.rename(tmp, target)
        _flush(published)
        return target, number
