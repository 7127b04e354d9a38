"""`isf list`, `isf remove` and `isf --version`: what a home holds, and that it can be deleted."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.engine import home as homes
from pipelines.export.run import export
from pipelines.serve import index as front_pages
from pipelines.serve import prepare
from pipelines.settlement import inventory
from tests.command import isf
from tests.integration.runs import delivered, leftovers, published_home

OTHER = "2024-T3-2"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> tuple[Path, str]:
    """A home with a settled delivery, what other jobs make of one, and a delivery beside it."""
    parent = tmp_path_factory.mktemp("inventory")
    home, name = published_home(parent), delivered().name
    export(home, name, "parquet")
    index = prepare.build(homes.warehouse(home, name), home / "serve")
    (home / "serve" / f".building-1-{index.name}").write_bytes(b"x")
    # What killed runs were making: no process has this number.
    for folder, made in (("published", f"{name}-kvalitet"), ("ledger", name), ("comparisons", f"{OTHER}_{name}")):
        homes.make(home / folder / f".building-4194305-{made}")
    homes.make(home / "serve" / f".building-1-{index.name}.spill")
    front_pages.write(home)
    for made in (f"published/{name}-r2", f"published/{name}-kvalitet", f"simulations/{name}_2025_mot_x",
                 f"comparisons/{OTHER}_{name}", f"regroupings/{name}-x-r2",
                 f"published/{name}1", f"published/{OTHER}"):  # fmt: skip
        homes.make(home / made)
    homes.make(home / "avregninger" / "2025")
    made_from = f'{{"deliveries": [{{"delivery": "{OTHER}"}}, {{"delivery": "{name}"}}]}}'
    (home / "avregninger" / "2025" / "manifest.json").write_text(made_from, encoding="utf-8")
    homes.make(home / "avregninger" / "2024")
    for made in (f"quality/{name}.duckdb", f"simulation/{name}.cube.duckdb", f"unpublished/{name}.duckdb",
                 f"warehouse/.dagster-{name}.duckdb", "quality/answers.duckdb"):  # fmt: skip
        homes.make((home / made).parent)
        (home / made).write_bytes(b"x")
    (home / "quality" / f".building-4194305-{name}.duckdb.wal").write_bytes(b"x")
    return home, name


def test_the_list_has_state_dates_revisions_and_size(home):
    home, name = home
    shown = isf("list", "--home", home)
    assert shown.returncode == 0
    line = next(line for line in shown.stdout.splitlines() if line.startswith(f"{name} "))
    assert "ny beregning ikke publisert" in line and "01.01.2025–31.12.2025" in line
    assert int(line.split()[-2]) == 2 and int(line.split()[-1]) >= 1
    assert "publisert, uten lager" in next(line for line in shown.stdout.splitlines() if line.startswith(OTHER))


def test_the_list_says_why_a_warehouse_cannot_be_read(tmp_path):
    """Open in another program it has dashes and that program's name; what is no warehouse is said to be none."""
    names = ("2025-T1-1", "2025-T1-2")
    paths = [homes.make(tmp_path / "warehouse") / f"{name}.duckdb" for name in names]
    paths[1].write_bytes(b"x")
    hold = "import sys, duckdb; con = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", hold, str(paths[0])], **pipes) as holder:
        assert holder.stdout.readline() == b"open\n"
        shown = inventory.listed(tmp_path).splitlines()
        holder.stdin.close()
    assert [line.split()[:2] for line in shown[2:4]] == [[name, "ikke"] for name in names]
    assert all(line.count("–") == 3 for line in shown[2:4])
    assert (
        shown[4].startswith(f"{names[0]}: lageret er åpent i et annet program (") and f"PID {holder.pid})" in shown[4]
    )
    assert shown[5].startswith(f"{names[1]}: {paths[1]} er ikke et lager") and len(shown) == 6


def test_an_empty_home_has_no_deliveries(tmp_path):
    assert inventory.listed(tmp_path) == f"Ingen leveranser i {tmp_path}."


def test_removal_is_asked_for_and_a_no_removes_nothing(home):
    home, name = home
    before = sorted(home.rglob("*"))
    asked = isf("remove", name, "--home", home, answer="n\n")
    assert asked.returncode == 1 and "for good?" in asked.stdout and "Nothing was done." in asked.stderr
    assert sorted(home.rglob("*")) == before


def test_an_unknown_delivery_is_refused_with_those_that_there_are(home):
    home, name = home
    refused = isf("remove", "2023-T1-1", "--home", home, "--yes")
    assert refused.returncode == 2 and name in refused.stderr


def test_removal_leaves_nothing_of_the_delivery_and_all_of_the_others(home):
    home, name = home
    removed = isf("remove", name, "--home", home, "--yes")
    assert removed.returncode == 0
    for part in (f"warehouse/{name}.duckdb", f"published/{name}-r2", f"comparisons/{OTHER}_{name}",
                 f"serve/{name}.index.duckdb", f"exports/{name}-parquet", f"leveranse/{name}/index.html"):  # fmt: skip
        assert str(home / part) in removed.stdout
    left = {path.relative_to(home).as_posix() for path in home.rglob("*") if name in path.name}
    assert left == {f"published/{name}1"}
    assert not re.search(rf"{name}(?!\d)", (home / "index.html").read_text(encoding="utf-8"))
    assert (home / "published" / OTHER).is_dir() and (home / "quality" / "answers.duckdb").is_file()
    assert leftovers(home) == []
    assert isf("remove", name, "--home", home, "--yes").returncode == 2


def test_the_version_is_told():
    shown = isf("--version")
    assert shown.returncode == 0 and shown.stdout.startswith("isf-oppgjor ")
