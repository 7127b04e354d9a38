"""Where results live: the folders of a home, and the names in them. What is made is readable by its owner only, because
the input is health data.

    <home>/warehouse/<delivery>.duckdb           the settled delivery
    <home>/published/<delivery>[-r2…]/           what is published of it
    <home>/unpublished/<delivery>.duckdb         a settlement that was computed and not published
    <home>/quality/<delivery>.duckdb             what the quality checks have measured; answers.duckdb
    <home>/simulation/<delivery>.cube.duckdb     the activity in small
    <home>/simulations/<scenario>/               the saved scenarios
    <home>/index.html                            the front page; leveranse/<delivery>/index.html of each delivery

A settlement is published in two renames that must agree: the folder in `published/`, then the warehouse that `isf
explain` reads. Before the first rename the finished warehouse waits, whole and flushed to disk, as
`warehouse/.ready-<hash of the manifest>-<delivery>.duckdb`. A run that is killed before the first rename leaves one
whose manifest nobody has published: it is removed. One that is killed between the two leaves one whose manifest is
published: it is put in place. `complete` decides this by the hash alone, at the end of every run and at the start of
every command that reads a warehouse; a lock that the operating system drops with its process keeps two runs apart.
A warehouse that was not published waits in `<home>/unpublished/` for whoever wants to know why.
"""

import contextlib
import errno
import fcntl
import glob
import hashlib
import os
import re
import shlex
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from pipelines.errors import DeliveryUnknown, IsfError

FRONT_PAGE, FRONT_PAGES = "index.html", "leveranse"
FRONT_MARK = '<meta name="generator" content="isf-oppgjor front page">'
_READY = re.compile(r"\.ready-([0-9a-f]{64})-(.+)")
_BUILDING = re.compile(r"\.building-(\d+)-(.*)", re.DOTALL)
_being_built: set[Path] = set()  # by this process
_worked_in: set[Path] = set()  # the same


def make(folder: Path) -> Path:
    """Create a folder that only its owner may look into, and its parents; one that is there keeps its modes."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    if not folder.is_dir():
        raise IsfError(f"{folder} is not a folder. Remedy: choose another place, or move the file away.")
    return folder


def prepare(home: Path) -> None:
    """Create the folders of a home; the input is health data, so only the owner may look."""
    if "?" in str(home.absolute()):
        # DuckDB takes it for the beginning of options, and would write its log elsewhere.
        raise IsfError(f"{home}: a home cannot have ? in its path. Remedy: choose another --home.")
    for folder in (home, home / "warehouse", home / "published", home / "ledger"):
        make(folder)


def readable_by_others(home: Path) -> str | None:
    """A warning where a home that was there before lets others look; None where it does not."""
    try:
        mode = stat.S_IMODE(home.stat().st_mode)
    except OSError:
        return None
    if not mode & 0o077:
        return None
    return (
        f"Warning: others than its owner can look into {home} (mode {mode:04o}), and it holds health data."
        f" Its mode is left as it is. Remedy: chmod 700 {shlex.quote(str(home))}"
    )


def warehouse(home: Path, delivery: str) -> Path:
    """Where the warehouse of a delivery's published settlement is."""
    return home / "warehouse" / f"{delivery}.duckdb"


def quality(home: Path, delivery: str, *, unpublished: bool = False) -> Path:
    """Where the results of a delivery's quality checks are; those of a settlement that was not published lie apart."""
    folder = home / "quality"
    return (folder / "unpublished" if unpublished else folder) / f"{delivery}.duckdb"


def cube(home: Path, delivery: str) -> Path:
    """Where a delivery's activity in small is."""
    return home / "simulation" / f"{delivery}.cube.duckdb"


def front_page(home: Path, delivery: str) -> Path:
    """Where the front page of a published delivery is, as a file."""
    return home / FRONT_PAGES / delivery / FRONT_PAGE


def is_front_page(path: Path) -> bool:
    """Whether a file is a front page that this program wrote: it says so in its head."""
    if path.is_symlink() or not path.is_file():
        return False
    with contextlib.suppress(OSError), path.open("rb") as file:
        return FRONT_MARK.encode() in file.read(4096)
    return False


def unpublished(home: Path, delivery: str) -> Path:
    """Where the warehouse of a settlement is that was computed and not published."""
    return home / "unpublished" / f"{delivery}.duckdb"


def settled(home: Path) -> list[Path]:
    """The warehouses of published settlements, by name; a publication that was cut short is completed first."""
    complete(home)
    return sorted((home / "warehouse").glob("[!.]*.duckdb"))


def find_warehouse(home: Path, delivery: str | None = None, *, unpublished: bool = False) -> Path:
    """A delivery's warehouse, by default the one written last; with `unpublished` of those that were not published.

    Raises DeliveryUnknown, which names those that there are.
    """
    folder = home / ("unpublished" if unpublished else "warehouse")
    found = sorted(folder.glob("[!.]*.duckdb")) if unpublished else settled(home)
    chosen = [path for path in found if delivery in (None, path.stem)]
    if not chosen:
        raise DeliveryUnknown(delivery, home, [path.stem for path in found], unpublished=unpublished)
    return max(chosen, key=lambda path: (path.stat().st_mtime_ns, path.name))


def delivery_folder(home: Path, given: Path) -> Path:
    """The folder of a delivery: as given, or by its id in `<home>/deliveries/`."""
    own = home / "deliveries" / given.name
    return own if not given.exists() and str(given) == given.name and own.is_dir() else given


def ready(home: Path, delivery: str, manifest: bytes) -> Path:
    """Where a finished warehouse waits for its settlement, whose manifest is given, to be published."""
    return home / "warehouse" / f".ready-{hashlib.sha256(manifest).hexdigest()}-{delivery}.duckdb"


@contextlib.contextmanager
def turn(home: Path) -> Iterator[None]:
    """One run at a time between these renames; the lock goes with the process, so a kill leaves none behind."""
    with open(home / ".lock", "a", opener=lambda path, flags: os.open(path, flags, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def turn_in(folder: Path) -> Iterator[None]:
    """One run at a time gives names in a folder, so that the last has seen what was put in place before; the lock goes
    with the process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def complete(home: Path) -> None:
    """Put in place the warehouses whose settlement is published, and remove those whose settlement is not.

    Raises IsfError where that must be done and the home cannot be written to.
    """
    if not any((home / "warehouse").glob(".ready-*")):
        return
    try:
        with turn(home):
            complete_in_turn(home)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        raise IsfError(
            f"A publication in {home} was cut short, and its warehouse must be put in place; the home cannot be"
            f" written to ({error.strerror}). Remedy: run a command with leave to write there once."
        ) from error


def complete_in_turn(home: Path) -> None:
    """`complete`, by a run whose turn it is."""
    waiting = sorted((home / "warehouse").glob(".ready-*"))
    published = {_sha256(path) for path in (home / "published").glob("[!.]*/manifest.json")} if waiting else set()
    for path in waiting:
        match = _READY.fullmatch(path.name)
        if match and match[1] in published:
            replace(path, home / "warehouse" / match[2])
        else:
            remove(path)


def replace(path: Path, target: Path) -> None:
    """A finished database takes the name of the one it replaces, also on the disk; what another program left of the
    old one's log would be read as the new one's."""
    remove(target.with_name(f"{target.name}.wal"))
    os.replace(path, target)
    flush(target.parent)


def flush(path: Path) -> None:
    """What was written to a file, or renamed in a folder, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def building(parent: Path, name: str) -> Path:
    """Where this process builds what is to become `name` in the folder; what an earlier run left there is removed."""
    remove_stale(parent)
    path = parent / f".building-{os.getpid()}-{name}"
    remove(path)
    _being_built.add(path.absolute())
    return path


def workshop(folder: Path) -> Path:
    """The folder, in which this process works by a name of its own and of which nothing is to be left."""
    _worked_in.add(folder.absolute())
    return folder


def remove_unfinished() -> None:
    """Remove whatever this process was building, with logs and what was spilled; for a process that ends. A signal to
    stop can come just where a `finally` is entered, so those who build cannot be relied on to have removed it."""
    for path in _being_built:
        remove_with_logs(path)
    for path in _worked_in:
        remove(path)


def stale(folder: Path) -> list[tuple[Path, str]]:
    """What runs that were killed left in a folder, each with what it was to become: names hold the process number."""
    found = ((path, _BUILDING.fullmatch(path.name)) for path in folder.glob(".building-*"))
    return [(path, match[2]) for path, match in found if match and not alive(int(match[1]))]


def remove_stale(folder: Path) -> None:
    """Remove what runs that were killed left behind in a folder."""
    for path, _ in stale(folder):
        remove(path)


def remove_with_logs(path: Path) -> None:
    """Remove a database, its log and what it spilled."""
    for left in path.parent.glob(f"{glob.escape(path.name)}*"):
        remove(left)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def alive(pid: int) -> bool:
    """Whether a process of that number is running."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
