"""The command `isf` for tests: in this process, which has imported its libraries once; as a process of its own, as
scripts start it; or forked from a process that has imported what a settlement needs and done nothing else."""

import contextlib
import io
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path
from unittest import mock

import pytest

from pipelines import cli

ISF = str(Path(sys.executable).with_name("isf"))


def isf(*arguments: object, home: Path | None = None, answer: str = "") -> subprocess.CompletedProcess:
    """What the command gives: exit code and texts. `answer` is what it reads from standard input.

    Signals, encodings and limits of the process need one of its own: `isf_process`, `forked`.
    """
    words = [ISF, *map(str, arguments), *(["--home", str(home)] if home else [])]
    out, errors = io.StringIO(), io.StringIO()
    before = os.umask(0o077)
    try:
        with (
            mock.patch.object(cli.stop, "watch"),
            mock.patch.object(sys, "argv", words),
            mock.patch.object(sys, "stdin", io.StringIO(answer)),
            mock.patch.dict(os.environ, {"ISF_HOME": ""}),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(errors),
        ):
            try:
                cli.main()
            except SystemExit as end:
                code = end.code or 0
    finally:
        os.umask(before)
    return subprocess.CompletedProcess(words, code, out.getvalue(), errors.getvalue())


def isf_process(*arguments: object, env: dict | None = None, **options) -> subprocess.CompletedProcess:
    """The same in a process of its own, as scripts start it."""
    return subprocess.run(
        [ISF, *map(str, arguments)], capture_output=True, text=True, env=os.environ | {"ISF_HOME": ""} | (env or {}),
        **options,
    )  # fmt: skip


def forked(
    function: Callable, *arguments: object, log: Path, encoding: str = "utf-8", env: Mapping[str, str] | None = None
) -> BaseProcess:
    """A process of its own that is doing `function(*arguments)`, a function of a module, and writes what it says to
    `log.out` and `log.err`. It begins with the libraries imported (`tests.warm`), which takes others seconds.

    `wait` gives its exit code: that of `sys.exit`, or the number of the signal that ended it, negative.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.warm"])
    begun = context.Process(
        target=_apart, args=(function, arguments, log, encoding, {**os.environ, "ISF_HOME": "", **(env or {})})
    )
    begun.start()
    return begun


def _apart(function: Callable, arguments: tuple, log: Path, encoding: str, env: dict[str, str]) -> None:
    # The process it is forked from has the environment of the test that began it.
    os.environ.clear()
    os.environ.update(env)
    for number, name in ((1, "stdout"), (2, "stderr")):
        with log.with_suffix(".out" if number == 1 else ".err").open("wb") as file:
            os.dup2(file.fileno(), number)
        setattr(sys, name, open(number, "w", buffering=1, encoding=encoding, closefd=False))  # noqa: SIM115
    function(*arguments)


def wait(begun: BaseProcess, seconds: float = 300) -> int:
    """The exit code of a forked process, once it has ended. One that has not after so many seconds is killed, and the
    test fails: it would stop all others."""
    begun.join(seconds)
    if begun.exitcode is None:
        begun.kill()
        begun.join()
        pytest.fail(f"a forked process had not ended after {seconds} s")
    return begun.exitcode


def command(*words: object) -> None:
    """`isf` with these words, in the process of its own that this is."""
    sys.argv = [ISF, *map(str, words)]
    cli.main()
