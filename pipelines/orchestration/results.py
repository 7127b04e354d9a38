"""The commands on settled deliveries as jobs: each runs the command's own function, with its arguments as config.

They read warehouses and write a folder of their own in the home; nothing of a settlement changes.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from pipelines.avregning.run import avregning
from pipelines.compare.run import compare
from pipelines.engine.workspace import MEMORY_LIMIT, THREADS
from pipelines.orchestration.deliveries import home
from pipelines.orchestration.run import told_without_content
from pipelines.prognosis.run import prognosis
from pipelines.rbf.run import allocate
from pipelines.reconcile.run import reconcile
from pipelines.regroup.run import regroup
from pipelines.serve.index import refresh


class Machine(dg.Config):
    """What every command takes."""

    threads: int = Field(THREADS, description="Threads of the computation.", ge=1)
    memory_limit: str = Field(MEMORY_LIMIT, description="Memory limit of the computation.")

    def options(self) -> dict[str, Any]:
        return {"threads": self.threads, "memory_limit": self.memory_limit}


class Compared(Machine):
    earlier: str = Field(description="A settled delivery, e.g. 2025-T1-1.")
    later: str = Field(description="A later one of the same year, e.g. 2025-T1-2.")


class Reconciled(Machine):
    delivery: str = Field(description="A settled delivery that carries NPK's own results.")


class Foreseen(Machine):
    delivery: str = Field(description="A settled delivery, e.g. 2025-T1-2.")
    budget: str = Field("", description="CSV rhf_orgnr;sektor;poeng: the points of the budget.")


class Closed(Machine):
    year: int = Field(description="Activity year; its T3 final delivery must be settled.")
    decisions: str = Field(description="avregning.toml: unit prices and corrections that are decided.")


class Allocated(Machine):
    deliveries: list[str] = Field(description="A settled delivery; or two, the preliminary and the final.")
    nki: str = Field(description="CSV rhf_orgnr;teller;nevner: discharge summaries sent within a day.")
    year: int = Field(0, description="Year of the scheme; 0 = the year after the activity.")


class Grouped(Machine):
    delivery: str = Field(description="Id of a settled delivery.")
    tables: str = Field(description="Id of the definition tables of the home, see `isf grouper list`.")


def _told(context: dg.OpExecutionContext, make: Callable[[], Any]) -> None:
    """Run a command as the command line does, and say where its result lies."""
    before = os.umask(0o077)
    try:
        with told_without_content(context.op.name):
            made = make()
            refresh(home())
    finally:
        os.umask(before)
    pages = sorted(made.path.glob("*.html"))
    context.add_output_metadata(
        {
            "folder": dg.MetadataValue.path(str(made.path)),
            "pages": [dg.MetadataValue.path(str(page)).value for page in pages],
            "unchanged": made.unchanged,
        }
    )


@dg.op(description="What changed between two settled deliveries, and why.")
def compare_deliveries(context: dg.OpExecutionContext, config: Compared) -> None:
    _told(context, lambda: compare(home(), config.earlier, config.later, tell=context.log.info, **config.options()))


@dg.op(description="Our stays and points beside NPK's, every difference with one reason.")
def reconcile_delivery(context: dg.OpExecutionContext, config: Reconciled) -> None:
    _told(context, lambda: reconcile(home(), config.delivery, **config.options()))


@dg.op(description="What the year will be from the months delivered.")
def foresee_year(context: dg.OpExecutionContext, config: Foreseen) -> None:
    budget = Path(config.budget) if config.budget else None
    _told(context, lambda: prognosis(home(), config.delivery, budget=budget, **config.options()))


@dg.op(description="The year closed: decided prices, corrections, advances and balance per RHF.")
def close_year(context: dg.OpExecutionContext, config: Closed) -> None:
    decided = Path(config.decisions)
    _told(context, lambda: avregning(home(), config.year, decided, tell=context.log.info, **config.options()))


@dg.op(description="Result-based financing allocated to the regions.")
def allocate_rbf(context: dg.OpExecutionContext, config: Allocated) -> None:
    year = config.year or None
    _told(context, lambda: allocate(home(), config.deliveries, Path(config.nki), year=year, **config.options()))


@dg.op(description="The stays of a settled delivery grouped anew by definition tables, and what moves.")
def group_delivery(context: dg.OpExecutionContext, config: Grouped) -> None:
    _told(context, lambda: regroup(home(), config.delivery, config.tables, **config.options()))


def _job(name: str, op: dg.OpDefinition) -> dg.JobDefinition:
    @dg.job(name=name, description=op.description, executor_def=dg.in_process_executor)
    def made() -> None:
        op()

    return made


RESULT_JOBS = [
    _job("compare", compare_deliveries),
    _job("reconcile", reconcile_delivery),
    _job("prognosis", foresee_year),
    _job("avregning", close_year),
    _job("rbf", allocate_rbf),
    _job("group", group_delivery),
]
