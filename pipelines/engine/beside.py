"""Python's own work in several processes: what runs long in Python alone, such as the cells of many workbooks."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from pipelines.errors import IsfError

Do = Callable[..., None]


@contextlib.contextmanager
def processes(count: int) -> Iterator[Do]:
    """`do(function, *arguments)` runs a function of a module in one of `count` processes, and waits while as many more
    are waiting, so that memory holds few arguments; without a second process it runs here, at once.

    Leaving waits for all and raises what the first failing one has raised, IsfError where a process was killed.
    Whatever ends the block early, a signal to stop too, ends the processes before it goes on, so that none writes into
    a folder that is being removed.
    """
    if count < 2 or multiprocessing.current_process().daemon:  # a daemon may not have processes of its own
        yield lambda function, *arguments: function(*arguments)
        return
    there = set(multiprocessing.active_children())
    under_way: deque[Future] = deque()
    # Started anew: a copy of this process would have DuckDB's threads only in name.
    pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)

    def do(function: Callable[..., Any], *arguments: Any) -> None:
        while len(under_way) >= 2 * count:
            under_way.popleft().result()
        under_way.append(pool.submit(function, *arguments))

    try:
        yield do
        while under_way:
            under_way.popleft().result()
    except BaseException as error:
        end_all(but=there)
        if isinstance(error, BrokenProcessPool):
            raise IsfError(
                "a process that worked beside this one was killed, as the system does where memory runs out."
                " Remedy: free memory, or the same with --threads 1"
            ) from None
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def end_all(but: Iterable[multiprocessing.process.BaseProcess] = ()) -> None:
    """End the processes that this one began, and wait until they are gone."""
    for child in set(multiprocessing.active_children()).difference(but):
        child.kill()
        child.join()


def _begin() -> None:
    """Ctrl-C reaches all processes of a terminal; what it means is for the one that began the others to say. Where that
    one is killed, this one ends as well."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
