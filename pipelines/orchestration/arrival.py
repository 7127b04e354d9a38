"""What happens when a delivery arrives: it is checked, and settled if that is wanted. Both sensors are off until
someone turns them on: the first checks every new delivery, the second has each checked one settled.

A delivery has arrived when its folder holds what `leveranse.json` lists and nothing in it has changed between two
looks. Reading it takes longer than a sensor may, so the check is a run. A settlement follows by itself only where
`leveranse.json` says how many rows, or which sha256, each file has: a copy that has stopped half way looks still too.
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
STATE = "isf/state"  # tag of a check: the state of the folder that it was asked for


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
        name = folder.name
        try:
            now[name] = state = state_of(folder)
            if _is_settled(folder):
                continue
            reason = _waits(folder, is_still=seen.get(name) == state)
        except OSError as error:  # a file has been renamed or taken away meanwhile, or cannot be read
            reason = f"cannot be read now ({error.strerror or type(error).__name__})"
        if reason:
            waiting.append(f"{name}: {reason}")
        else:
            yield dg.RunRequest(run_key=f"{name}:{state}", partition_key=name, tags={STATE: state})
    context.update_cursor(json.dumps(now, sort_keys=True))
    if waiting:
        context.log.info("; ".join(waiting))


def _waits(folder: Path, *, is_still: bool) -> str | None:
    """Why a delivery is not checked yet; None where nothing is in the way."""
    if problems := inspect_folder(folder).problems:
        return f"{len(problems)} problems, first: {problems[0]}"
    return None if is_still else "complete, waits to see that nothing changes any more"


def unclaimed(folder: Path) -> list[str]:
    """The files of tables of which `leveranse.json` gives neither rows nor sha256: nothing says that they are whole."""
    files = inspect_folder(folder).files.values()
    return [one.path.name for one in files if not any(rows is not None or sha for _, rows, sha in one.claims)]


def _folders() -> list[Path]:
    """The folders of deliveries that there are partitions for, with a manifest."""
    known = set(deliveries.names())
    found: list[Path] = []
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        found = sorted(deliveries.parent().iterdir())
    return [path for path in found if path.name in known and _has_manifest(path)]


def _has_manifest(folder: Path) -> bool:
    """Also where that cannot be seen: then the look at the folder says so."""
    try:
        return (folder / MANIFEST).is_file()
    except OSError:
        return True


def _is_settled(folder: Path) -> bool:
    """Whether the delivery was settled after its last file came: a file that is moved or copied with its time keeps an
    old one, but not the time at which it got its place."""
    warehouse = homes.warehouse(deliveries.home(), folder.name)
    states = [path.stat() for path in folder.iterdir()]
    newest = max((max(one.st_mtime_ns, one.st_ctime_ns) for one in states), default=0)
    return warehouse.exists() and warehouse.stat().st_mtime_ns >= newest


def ask_to_settle(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
    """A settlement of the delivery whose check has succeeded, where it is as it was checked and `leveranse.json` says
    how each table is when it is whole; `pipelines.orchestration.jobs` makes the sensor of it."""
    tags = context.dagster_run.tags
    delivery = tags["dagster/partition"]
    folder = deliveries.parent() / delivery
    try:
        state, open_files = state_of(folder), unclaimed(folder)
    except OSError as error:
        return dg.SkipReason(f"{delivery}: cannot be read now ({error.strerror or type(error).__name__})")
    if tags.get(STATE, state) != state:
        return dg.SkipReason(f"{delivery}: has changed since it was checked; it is checked again when it is still")
    if open_files:
        return dg.SkipReason(
            f"{delivery}: checked, and waits for someone to settle it: {MANIFEST} gives neither rows nor sha256 of"
            f" {', '.join(open_files)}, so nothing says that they are whole"
        )
    return dg.RunRequest(run_key=f"settle:{context.dagster_run.run_id}", partition_key=delivery)
