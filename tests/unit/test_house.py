"""The house: rooms import in one direction, Dagster stays in its room, every library is declared, and the hash of the
program covers what a settlement passes through."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from pipelines.engine import version

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pipelines"
LOOSE = {"__init__", "__main__", "definitions", "demo", "errors"}
# A room imports from the floors below its own; on one floor there may be arrows, but no circle.
FLOORS = (
    {"errors"},
    {"engine"},
    {"delivery", "rules"},
    {"checks", "disclosure", "publication", "grouper"},
    {"settlement"},
    {
        "avregning", "compare", "explain", "export", "generate", "prognosis", "quality", "rbf", "reconcile", "regroup",
        "simulate",
    },
    {"cluster", "demo", "orchestration", "serve"},
    {"cli", "definitions"},
    {"__main__"},
)  # fmt: skip


@cache
def imports(path: Path) -> frozenset[str]:
    """The names that a file imports, also inside its functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return frozenset(found)


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@cache
def arrows() -> frozenset[tuple[str, str]]:
    """(room, room that it imports)."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        targets = {name.split(".")[1] for name in imports(path) if name.startswith("pipelines.")}
        found |= {(room(path), target) for target in targets if target != room(path)}
    return frozenset(found)


def test_nothing_lies_loose_in_the_package():
    assert {path.stem for path in PACKAGE.glob("*.py")} == LOOSE
    assert [path.name for path in PACKAGE.iterdir() if path.is_file() and path.suffix != ".py"] == []


def test_every_room_is_on_a_floor():
    rooms = {room(path) for path in PACKAGE.rglob("*.py")} - {"__init__"}
    assert rooms == set().union(*FLOORS), "give a new room its floor"


def test_rooms_import_from_below_only():
    floor = {name: number for number, names in enumerate(FLOORS) for name in names}
    assert [(one, other) for one, other in sorted(arrows()) if floor[one] < floor[other]] == []


def test_no_rooms_import_each_other_in_a_circle():
    reached = {one: {other for start, other in arrows() if start == one} for one, _ in arrows()}
    for _ in reached:
        for one, others in reached.items():
            reached[one] = others.union(*(reached.get(other, set()) for other in others))
    assert [one for one, others in sorted(reached.items()) if one in others] == []


def test_only_its_room_imports_dagster():
    slow = {room(path) for path in PACKAGE.rglob("*.py") if any(name.startswith("dagster") for name in imports(path))}
    assert slow == {"orchestration"}


def test_every_imported_library_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {_name(entry) for entry in project["dependencies"]}
    for_tests = declared | {_name(entry) for entry in project["optional-dependencies"]["dev"]}
    # What an extra brings need not be installed; its names are those of its packages.
    extra = {_name(entry) for entry in project["optional-dependencies"]["spark"]}
    provided = {one: _provided(one) for one in for_tests}
    for folder, known in ((PACKAGE, declared), (ROOT / "tests", for_tests)):
        names = {name.split(".")[0] for path in folder.rglob("*.py") for name in imports(path)}
        own = {"pipelines", "tests", *(path.stem for path in (ROOT / "tests" / "property").rglob("*"))}
        libraries = names - set(sys.stdlib_module_names) - own - extra
        assert libraries - set().union(*(provided[one] for one in known)) == set(), folder.name


def _provided(package: str) -> set[str]:
    """What can be imported of an installed package."""
    files = [path.parts for path in distribution(package).files or []]
    return {parts[0] if parts[1:] else parts[0].split(".")[0] for parts in files}


def _name(entry: str) -> str:
    return re.split(r"[<>=\[; ]", entry)[0].lower().replace("_", "-")


def test_the_hash_of_the_program_covers_what_a_settlement_imports():
    """The modules found by reading the code are those that are there once a settlement's have been imported, and the
    two that come while the models run: Great Expectations takes seconds, so ours is imported by its name."""
    code = (
        "import sys; sys.modules['pyspark'] = None\n"  # a cluster's entrance is imported without it
        "import pipelines.settlement.run, pipelines.settlement.publish, pipelines.checks.page, pipelines.cluster.run\n"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.split('.')[0] == 'pipelines'))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    found = {*map(Path, run.stdout.split()), PACKAGE / "checks" / "gx.py", PACKAGE / "engine" / "imports.py"}
    assert version.settlement_modules() == sorted(found)


def test_the_hash_of_the_program_covers_the_sql_and_the_pages_of_a_settlement_alone():
    found = {path.relative_to(ROOT).as_posix() for path in version.settlement_files()}
    assert {"sql/ref.sql", "sql/70_settlement/ledger.sql", "expectations/settlement/10_regelsett.toml"} <= found
    assert {"pipelines/settlement/templates/oppgjor.html.j2", "pipelines/publication/templates/stil.css"} <= found
    others = ("sql/quality", "sql/simulation", "pipelines/explain", "pipelines/quality", "pipelines/simulate")
    assert [name for name in found if name.startswith(others)] == []
