"""Errors of the machine as a sentence: a full disk, a place that cannot be written to, memory, a file in use."""

import re

_FULL = ("No space left on device", "Disk quota exceeded", "File too large", "max_temp_directory_size")
_LOCKED = re.compile(
    r'lock on file "(?P<file>[^"]+)": Conflicting lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)'
)


def sentence(error: BaseException) -> str | None:
    """What to tell people of an error of the machine (a full disk, a place that cannot be written to, memory); None
    where the error is the program's own and its trace is of use."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or at.__context__
    # What went wrong first is the cause: closing a file on a full disk gives errors of its own.
    found = (told for told in map(_of_machine, reversed(chain)) if told)
    return next(found, None)


def holder(error: BaseException) -> str | None:
    """The program that has the database open, with its process number; None where the error is another."""
    locked = _LOCKED.search(str(error))
    return f"{locked['program']}, PID {locked['pid']}" if locked else None


def _of_machine(error: BaseException) -> str | None:
    text = str(error)
    is_database = type(error).__module__.lstrip("_").startswith("duckdb")
    if not is_database and not isinstance(error, OSError | MemoryError):
        # xlsxwriter wraps what the system says.
        return _full(text) if type(error).__name__ == "FileCreateError" else None
    if told := _full(text):
        return told
    if locked := _LOCKED.search(text):
        return (
            f"{locked['file']} is open in another program: {locked['program']}, process {locked['pid']}."
            " Remedy: close it there (or open it there read-only), and run the command again."
        )
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
        return (
            "The memory is not enough for this delivery. Nothing was replaced. Remedy: give more with --memory-limit"
            " (e.g. 8GB), or fewer --threads."
        )
    if is_database:
        return _cannot_open(text)
    if not isinstance(error, OSError):
        return None
    place = error.filename
    if place is None and error.errno is None:
        return None
    return f"{place or 'A file'}: {error.strerror or text}. Nothing was replaced."


def _full(text: str) -> str | None:
    if not any(mark in text for mark in _FULL):
        return None
    place = re.search(r'"(/[^"]+)"|\'(/[^\']+)\'', text)
    where = f" at {place[1] or place[2]}" if place else ""
    return (
        f"There is no space left on the disk{where}. Nothing was replaced: warehouse and published folders are as"
        " they were. Remedy: make room, and run the command again."
    )


def _cannot_open(text: str) -> str | None:
    """DuckDB's words of a file that it cannot open, read or write, without the kind of error."""
    found = re.search(r"(?:IO Error|Failed to commit): (.*\"/[^\n]*)", text)
    return f"{found[1].rstrip('.!')}. Nothing was replaced." if found else None
