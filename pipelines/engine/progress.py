"""Progress of long work: what a step reports to, and the line that a terminal shows."""

import contextlib
import sys
from collections.abc import Callable, Iterator

# progress(step, number, of): called before each step; the step's name holds no row content.
Progress = Callable[[str, int, int], None]


def silent(step: str, number: int, of: int) -> None:
    """Progress that nobody watches."""


@contextlib.contextmanager
def progress_line(quiet: bool = False) -> Iterator[Progress]:
    """A line on standard error that is rewritten on a terminal; elsewhere one line per tenth. `quiet`: none."""
    if quiet:
        yield silent
        return
    last = {"tenth": -1}
    tty = sys.stderr.isatty()

    def show(step: str, number: int, of: int) -> None:
        if tty:
            sys.stderr.write(f"\r\033[K[{number}/{of}] {step}")
            sys.stderr.flush()
        elif (tenth := 10 * number // max(of, 1)) != last["tenth"] or number == 1:
            last["tenth"] = tenth
            sys.stderr.write(f"[{number}/{of}] {step}\n")

    try:
        yield show
    finally:
        if tty:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
