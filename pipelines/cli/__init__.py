"""The command `isf`: a module per job, and here how it is run. Heavy libraries are imported inside the commands, so
`isf --help` answers at once."""

import importlib
import os
import sys

import typer

from pipelines.cli.base import app, tell
from pipelines.engine import screen, stop
from pipelines.engine.faults import sentence
from pipelines.errors import IsfError

# The modules whose commands there are, in the order in which `isf --help` lists them.
JOBS = ("settlement", "synthetic", "simulate", "quality", "results", "weights", "grouper", "homes")
for job in JOBS:
    importlib.import_module(f"{__name__}.{job}")


def main() -> None:
    """Run the command: errors for people on standard error, with their exit code; Ctrl-C leaves nothing half done."""
    stop.watch()
    screen.readable()
    os.umask(0o077)
    try:
        # Outside its standalone mode typer returns the code of an Exit in place of leaving with it.
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:
        if number := stop.received():
            from pipelines.engine import beside, home

            beside.end_all()
            home.remove_unfinished()
            stop.leave(number)
        code = _told(error)
    if number := stop.received():
        stop.leave(number)
    sys.exit(code)


def _told(error: BaseException) -> int:
    """The exit code of an error, which is told on standard error. Raises it again where its trace is of use."""
    if isinstance(error, IsfError):
        tell(str(error))
        return error.exit_code
    if isinstance(error, typer.Abort):  # a question was answered with no, or not at all
        tell("Nothing was done.")
        return 1
    if isinstance(error, BrokenPipeError):  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    if hasattr(error, "show"):  # an error of usage: typer's own message
        error.show()
        return getattr(error, "exit_code", 2)
    if isinstance(error, Exception) and (told := sentence(error)):
        tell(told)
        return 1
    raise error
