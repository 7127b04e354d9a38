"""What happens when a delivery arrives: it is checked, and settled if that is wanted. Both sensors are off until
someone turns them on: the first checks every new delivery, the second has each checked one settled.

A delivery has arrived when its folder holds what `leveranse.json` lists and nothing in it has changed between two
looks. Reading it takes longer than a sensor may, so the check is a run.
"""

import contextlib
import hashlib
import json
from pathlib import Path

import dagster as dg

from pipelines.delivery.folder import MANIFEST, inspect_folder
from pipelines.engine import home as homes
from pipelines.engine.workspace import MEMORY_LIMIT, THREADS, connect, spilling
from pipelines.orchestration import deliveries
from pipelines.orchestration.run import told_without_content
from pipelines.settlement import run as settle
from pipelines.settlement.text import account_text

SECONDS_BETWEEN = 60


@dg.op(description="Read a delivery and say what would be refused or quarantined; nothing is settled.")
def check_delivery(context: dg.OpExecutionContext) -> None:
    """Fails with every problem found, or where the settlement would not be published."""
    delivery = context.partition_key
    home = deliveries.home()
    with told_without_content("check"), contextlib.closing(connect(threads=THREADS, memory_limit=MEMORY_LIMIT)) as con:
        homes.prepare(home)
        with spilling(con, home / "warehouse"):
            settle.load(deliveries.folder(delivery), con)
            over = settle.over_threshold(con) + settle.empty(con)
            account = account_text(con)
    context.add_output_metadata({"account": dg.MetadataValue.md(f"```\n{account}\n```")})
    if over:
        raise dg.Failure(description=f"It would not be published: {'; '.join(over)}", allow_retries=False)


@dg.job(
    partitions_def=deliveries.DELIVERIES,
    executor_def=dg.in_process_executor,
    description="Read a delivery and say what would be refused or quarantined, as `isf check`.",
)
def check():
    check_delivery()


def state_of(folder: Path) -> str:
    """Names, sizes and times of the files in a folder, as one hash."""
    files = sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in folder.iterdir())
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]


@dg.sensor(
    job=check,
    minimum_interval_seconds=SECONDS_BETWEEN,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Checks each delivery that is complete and has not changed since the last look.",
)
def delivery_arrives(context: dg.SensorEvaluationContext):
    """Asks for `check` once for each state of a delivery; what is settled already is left alone. The cursor holds the
    states of the last look."""
    seen = json.loads(context.cursor or "{}")
    now: dict[str, str] = {}
    waiting: list[str] = []
    for folder in _folders():
        try:
            now[folder.name] = state = state_of(folder)
        except FileNotFoundError:  # a file has been renamed or taken away meanwhile
            waiting.append(f"{folder.name}: changing")
            continue
        if _is_settled(folder):
            continue
        if problems := inspect_folder(folder).problems:
            waiting.append(f"{folder.name}: {len(problems)} problems, first: {problems[0]}")
        elif seen.get(folder.name) != state:
            waiting.append(f"{folder.name}: complete, waits to see that nothing changes any more")
        else:
            yield dg.RunRequest(run_key=f"{folder.name}:{state}", partition_key=folder.name)
    context.update_cursor(json.dumps(now, sort_keys=True))
    if waiting:
        context.log.info("; ".join(waiting))


def _folders() -> list[Path]:
    """The folders of deliveries that there are partitions for, with a manifest."""
    known = set(deliveries.names())
    parent = deliveries.parent()
    found = sorted(parent.iterdir()) if parent.is_dir() else []
    return [path for path in found if path.name in known and (path / MANIFEST).is_file()]


def _is_settled(folder: Path) -> bool:
    """Whether the delivery was settled after its last file came."""
    warehouse = homes.warehouse(deliveries.home(), folder.name)
    newest = max((path.stat().st_mtime_ns for path in folder.iterdir()), default=0)
    return warehouse.exists() and warehouse.stat().st_mtime_ns >= newest


def ask_to_settle(context: dg.RunStatusSensorContext) -> dg.RunRequest:
    """A settlement of the delivery whose check has succeeded; `pipelines.orchestration.jobs` makes the sensor of it."""
    delivery = context.dagster_run.tags["dagster/partition"]
    return dg.RunRequest(run_key=f"settle:{context.dagster_run.run_id}", partition_key=delivery)
