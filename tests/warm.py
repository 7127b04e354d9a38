"""What a settlement imports and reads once, for processes that are to begin with it (`tests.command.forked`)."""

from pipelines import cli
from pipelines.checks import gx, suites
from pipelines.engine import models
from pipelines.engine.version import program_version
from pipelines.rules import load as rulesets
from pipelines.settlement import publish, run

WARM = (cli, gx, publish, run)

models.models()
models.models("disclosure")
suites.suites()
program_version()
rulesets.read(rulesets.newest_final())
