"""The command `isf` for tests: in this process, which has imported its libraries once, or as a process of its own."""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from pipelines import cli

ISF = str(Path(sys.executable).with_name("isf"))


def isf(*arguments: object, home: Path | None = None, answer: str = "") -> subprocess.CompletedProcess:
    """What the command gives: exit code and texts. `answer` is what it reads from standard input.

    Signals, encodings and limits of the process need one of its own: `isf_process`.
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
