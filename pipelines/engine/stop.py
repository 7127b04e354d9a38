"""Ctrl-C and SIGTERM: the run ends at once, within five seconds on a busy machine, with one sentence, wherever it is.

Python runs a signal's handler between two steps of the main thread, which can be long inside one query. The operating
system also writes the signal's number to a pipe at once; a thread that reads it interrupts every query, so that the
main thread comes back, unwinds and removes what it was building; the command removes at last what a `finally` that was
just being entered has not. Where it does not come back in time the process ends all the same: what stays behind is what
a kill leaves, and the next run removes it.
"""

import contextlib
import os
import signal
import sys
import threading
import time
import weakref
from typing import Any

SIGNALS = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}
PATIENCE_S = 4.0
_AGAIN_S = 0.1

_connections: "weakref.WeakSet[Any]" = weakref.WeakSet()
_received: list[int] = []
_watching: list[bool] = []


class Stopped(BaseException):
    """Raised in the main thread by a signal to stop; not a KeyboardInterrupt, which libraries answer themselves."""


def interruptible(con: Any) -> Any:
    """The connection, whose queries a signal to stop interrupts from now on."""
    _connections.add(con)
    return con


def received() -> int | None:
    """The signal that the process was told to stop by, if any."""
    return _received[0] if _received else None


def watch() -> None:
    """Attend to signals to stop from now on. Main thread only; for a process that is a command."""
    if _watching:
        return
    _watching.append(True)
    for number in SIGNALS:
        # Who is told to ignore Ctrl-C (nohup, a shell's background job) goes on ignoring it.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _handle)
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    threading.Thread(target=_attend, args=(told,), name="stop", daemon=True).start()


def leave(number: int) -> None:
    """End the process at once: one sentence, and the exit code that shells give a signal."""
    with contextlib.suppress(Exception):
        sys.stdout.flush()
    with contextlib.suppress(Exception):
        clear = "\r\033[K" if sys.stderr.isatty() else ""
        sys.stderr.write(f"{clear}Stopped by {SIGNALS[signal.Signals(number)]}. What is published stands.\n")
        sys.stderr.flush()
    os._exit(128 + number)


def _handle(number: int, frame: Any) -> None:
    if not _received:
        _received.append(number)
        # Before it unwinds: closing a connection whose query was not interrupted works on until the query is done.
        _interrupt()
        raise Stopped


def _attend(told: int) -> None:
    """Wait for the first signal, interrupt queries until the process is gone, and end it where that takes too long."""
    number = 0
    while number not in list(SIGNALS):
        number = os.read(told, 1)[0]
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        _interrupt()
        time.sleep(_AGAIN_S)
    leave(number)


def _interrupt() -> None:
    for con in list(_connections):
        with contextlib.suppress(Exception):
            con.interrupt()
