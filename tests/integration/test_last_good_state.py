"""The last good state is the last published one: whatever ends a run, warehouse and published folders stay."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.engine import home as homes
from pipelines.settlement import page
from pipelines.settlement.run import settle
from tests.command import command, forked, isf, isf_process, wait
from tests.deliveries import REQUIRED, write
from tests.integration.runs import (
    CORRECTED,
    deliver,
    delivered,
    hashes,
    leftovers,
    published,
    published_home,
    settled_points,
)

# The fifth model is a query that never ends; a file says when it has begun.
ENDLESS = """
import sys
import pipelines.engine.models as models
from pathlib import Path
calls, run_model, begun = [], models.run_model, Path(sys.argv.pop())

def endless(con, model, **named):
    calls.append(model)
    if len(calls) == 5:
        begun.touch()
        con.execute("select count(*) from range(1000000000000) as a where a.range % 7 = 3")
    return run_model(con, model, **named)

models.run_model = endless
from pipelines.cli import main
main()
"""

# A container with any user number: no HOME, and nobody by that number.
NOBODY = """
import pwd
import sys

def nobody(number):
    raise KeyError(number)

pwd.getpwuid = nobody
import tests.warm  # all that a settlement imports
from pipelines.__main__ import main

delivery, name, home = sys.argv[1:]
for command in (["settle", delivery], ["quality", name]):
    sys.argv = ["isf", *command, "--home", home]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
"""


def on_a_small_disk(*words: object) -> None:
    """The command, where no file can grow further: what a full disk answers, without filling one."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
    command(*words)


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> tuple[Path, Path]:
    """A home with a published settlement, and a corrected delivery of the same name."""
    return published_home(tmp_path_factory.mktemp("good")), delivered(CORRECTED)


@pytest.fixture
def home(template, tmp_path) -> Path:
    return shutil.copytree(template[0], tmp_path / "home")


def state(home: Path) -> dict:
    """All that is good in a home."""
    return {name: hashes(home / name) for name in ("warehouse", "published")}


def test_an_empty_delivery_is_held_back_until_it_is_accepted(home, template, tmp_path):
    before = state(home)
    headers = {table: ";".join(rows[0]) + "\n" for table, rows in REQUIRED.items()}
    manifest = {"year": 2025, "tertial": 3, "delivery": 2}
    empty = write(tmp_path, headers, name=template[1].name, manifest=manifest)
    result = settle(empty, home)
    assert result.can_accept == ["--accept-empty"] and "episode" in result.blocked[0]
    assert state(home) == before
    # What was computed waits for whoever wants to know why.
    assert homes.find_warehouse(home, unpublished=True) == result.warehouse
    assert settle(empty, home, accept_empty=True).published.name == f"{empty.name}-r2"
    assert not result.warehouse.exists()


def test_a_publication_that_is_refused_leaves_the_warehouse(home, tmp_path):
    before = state(home)
    run = isf("settle", deliver(tmp_path / "in", quarantined=30), "--home", home)
    assert run.returncode == 3
    assert state(home) == before
    looked = f"--home {home} --delivery 2025-T3-2 --unpublished"
    assert f"isf explain ID {looked}" in run.stdout
    assert isf("explain", "hemmelig-q1", *looked.split()).returncode == 0


def test_a_publication_that_would_tell_what_it_hides_leaves_the_warehouse(home, template, monkeypatch):
    before = state(home)
    monkeypatch.setattr("pipelines.disclosure.decide.audit", lambda *arguments: ["a cell follows"])
    result = settle(template[1], home)
    assert result.blocked == ["skjuling: a cell follows"] and result.can_accept == []
    assert state(home) == before
    assert homes.find_warehouse(home, unpublished=True) == result.warehouse
    assert leftovers(home) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_inside_a_query_ends_the_run_at_once(home, template, tmp_path, number, code):
    before, begun = state(home), tmp_path / "begun"
    arguments = [sys.executable, "-c", ENDLESS, "settle", template[1], "--home", home, begun]
    # A job in the background of a shell hands on that Ctrl-C is ignored; here it is not.
    heard = {"preexec_fn": lambda: signal.signal(number, signal.SIG_DFL)}
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **heard) as run:
        while not begun.exists():
            assert run.poll() is None, run.stderr.read()
            time.sleep(0.02)
        run.send_signal(number)
        started = time.monotonic()
        _, errors = run.communicate()
    assert run.returncode == code
    assert time.monotonic() - started < 8  # at most four seconds to remove what it built, and a busy machine
    assert "Traceback" not in errors
    assert errors.splitlines()[-1].startswith("Stopped by") and errors.count("Stopped") == 1
    assert state(home) == before
    assert leftovers(home) == []


def stopped_where_it_cleans(*words: object) -> None:
    """The command, which fails and is told to stop just where it begins to remove what it was building."""
    remove = homes.remove

    def told_to_stop(path: Path) -> None:
        if path.name.startswith(".building-") and path.is_dir():
            os.kill(os.getpid(), signal.SIGTERM)
        remove(path)

    homes.remove = told_to_stop
    page.build = lambda context: 1 / 0
    command(*words)


def test_a_signal_just_where_it_cleans_leaves_nothing(home, template, tmp_path):
    before = state(home)
    begun = forked(stopped_where_it_cleans, "settle", template[1], "--home", home, log=tmp_path / "log")
    assert wait(begun) == 143
    assert state(home) == before
    assert leftovers(home) == [] == list((home / "ledger").glob(".*"))


def test_a_disk_that_is_full_is_a_sentence(home, template, tmp_path):
    before, log = state(home), tmp_path / "log"
    assert wait(forked(on_a_small_disk, "settle", template[1], "--home", home, log=log)) == 1
    errors = log.with_suffix(".err").read_text()
    assert "no space left on the disk" in errors and "Traceback" not in errors
    assert state(home) == before
    assert leftovers(home) == []


def test_no_command_needs_a_user_with_a_home(tmp_path):
    """In a process of its own, as scripts start it: a settlement from beginning to end, and its quality."""
    env = {name: value for name, value in os.environ.items() if name not in ("HOME", "USER", "LOGNAME")}
    home = tmp_path / "home"
    arguments = [sys.executable, "-c", NOBODY, delivered(), "2025-T3-2", home]
    run = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, env=env, check=False)
    assert run.returncode == 0, run.stderr
    assert published(home) == ["2025-T3-2", "2025-T3-2-kvalitet"]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii"])
def test_what_is_said_is_readable_in_any_encoding(encoding):
    run = isf_process("rules", "--year", "2025", env={"PYTHONIOENCODING": encoding}, encoding=encoding)
    assert run.returncode == 0, run.stderr
    assert ("særdeles lang liggetid" if encoding != "ascii" else "saerdeles lang liggetid") in run.stdout


def test_a_warehouse_is_never_replaced_by_a_database_that_is_not_whole(tmp_path):
    from pipelines.engine.workspace import building, connect, finish
    from pipelines.errors import IsfError

    target = tmp_path / "a.duckdb"
    with building(target) as (path, keep):
        con = connect(path)
        con.execute("create table t as select 1 as n")
        finish(con, path)
        keep()
    with pytest.raises(IsfError, match="could not be finished"), building(target) as (path, keep):
        with connect(path) as con:
            con.execute("create table t as select 2 as n")
        # A log beside the file is what a close without space leaves.
        path.with_name(f"{path.name}.wal").write_bytes(b"rest")
        keep()
    with connect(target, read_only=True) as con:
        assert con.execute("select n from t").fetchone() == (1,)
    assert [path.name for path in tmp_path.iterdir()] == ["a.duckdb"]


def test_folders_that_were_there_keep_their_modes_and_readers_are_warned_of(template, tmp_path):
    parent, home = tmp_path / "shared", tmp_path / "shared" / "d'Ø [x]*"
    home.mkdir(parents=True)
    parent.chmod(0o1777)
    home.chmod(0o755)
    # The log is in the encoding of a Norwegian Windows, which lacks the lines of the tables.
    log = tmp_path / "log"
    run = forked(command, "settle", template[1], "--home", home, log=log, encoding="cp1252")
    said, errors = (log.with_suffix(f".{end}") for end in ("out", "err"))
    assert wait(run) == 0, errors.read_text("cp1252")
    assert "Per RHF (sørge-for-ansvar)" in said.read_text("cp1252") and "----" in said.read_text("cp1252")
    assert f"chmod 700 '{parent}" in errors.read_text("cp1252")
    modes = [path.stat().st_mode & 0o7777 for path in (parent, home, home / "warehouse", home / "published")]
    assert modes == [0o1777, 0o755, 0o700, 0o700]
    assert published(home) == ["2025-T3-2"]


def test_two_runs_at_once_in_one_home(tmp_path, template):
    home = tmp_path / "home"
    renamed = shutil.copytree(template[1], tmp_path / "first" / "2025-T3-1")
    (renamed / "leveranse.json").write_text('{"year": 2025, "tertial": 3, "delivery": 1}')
    runs = [
        forked(command, "settle", delivery, "--home", home, log=tmp_path / f"log{number}")
        for number, delivery in enumerate([template[1], delivered(), renamed])
    ]
    assert [wait(run) for run in runs] == [0, 0, 0], [log.read_text() for log in tmp_path.glob("*.err")]
    assert published(home) == ["2025-T3-1", "2025-T3-2", "2025-T3-2-r2"]
    assert [path.stem for path in homes.settled(home)] == ["2025-T3-1", "2025-T3-2"]
    # The warehouse is that of the revision published last.
    last = settled_points(home / "warehouse" / "2025-T3-2.duckdb")
    with_ledger = home / "published" / "2025-T3-2-r2" / "oppgjor_rhf.parquet"
    import duckdb

    assert duckdb.sql(f"select sum(isf_poeng) from '{with_ledger}'").fetchone()[0] == last
    assert leftovers(home) == []
