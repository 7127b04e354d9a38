"""The recipes are true: followed on a copy of the project each gives what it promises, with the tests that look at it
green; and without any one of the steps a test fails (of all recipes but one in `make test-thorough` only)."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.size import few

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = dict(
    re.findall(r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", (ROOT / "docs" / "recipes.md").read_text("utf-8"), re.M | re.S)
)
FOLDERS = ("docs", "expectations", "pipelines", "reference_data", "sql", "tests")
DOCS = "make docs"
CASES = ["tests/cases/test_cases.py", "-k", "7_21_helhetlig"]
STYLE = ["tests/unit/test_no_constants.py", "tests/unit/test_sql_style.py"]
OWN = "not test_cases or 7_21_helhetlig"
# The table that the recipe adds, among those of the contract and written by any number of threads.
TABLES = [
    "tests/unit/test_publish_tables.py::test_the_sql_files_give_the_tables_of_the_delivery_contract",
    "tests/unit/test_publish_tables.py::test_parquet_bytes_depend_on_the_rows_only[oppgjor_land]",
]
SETS = ["tests/unit/test_ruleset_docs.py"]
FOLLOWED = "tests/docs/followed.py"


def followed(recipe: str) -> list[str]:
    """The test of what the recipe promises."""
    return [f"{FOLLOWED}::test_{recipe.lower().replace(' ', '_')}"]


# Per recipe its steps, and the tests that look at each; with all steps each of them passes.
WATCHED: dict[str, dict[str, list[str]]] = {
    "A year": {
        "reference_data/2028-draft/rules.toml": followed("A year"),
        "reference_data/2028-draft/unit_price.csv": followed("A year"),
        "reference_data/2028-draft/delivery_period.csv": followed("A year"),
        "docs/rule-sets.md 2026-draft": SETS,
    },
    "A supplement or a deduction": {
        "reference_data/2027-draft/rules.toml": ["tests/unit/test_ruleset_reads.py"],
        "reference_data/2027-draft/delivery_period.csv": CASES,
        "sql/50_points/stay_rule/rule_7_21_assessment.sql": CASES,
        "docs/regelverk.md 7.20": ["tests/docs/test_cited.py"],
        "docs/rule-sets.md 7.19": SETS,
        "docs/rule-sets.md 2026-draft": SETS,
        "tests/cases/7_21_helhetlig_vurdering.yaml": ["tests/cases/test_casebook.py", "-k", "every_rule"],
        DOCS: ["tests/cases/test_casebook.py", "-k", "up_to_date"],
    },
    "A trust": {"reference_data/2026-draft/trust.csv": followed("A trust")},
    "An input column": {
        'pipelines/delivery/contract.py ("utskrKlarDato", "date", COLUMN),': followed("An input column"),
        "docs/delivery.md utskrKlarDato": ["tests/unit/test_load_docs.py"],
        'sql/synthetic/episode.sql end as "utskrKlarDato",': followed("An input column"),
        'tests/unit/plain_loader.py "utskrKlarDato": (DAY, False, None),': followed("An input column"),
    },
    "A published table": {
        "sql/70_settlement/oppgjor_land.sql": ["tests/unit/test_publish_dictionary.py"],
        'pipelines/publication/tables.py Table(model_in("70_settlement", "oppgjor_hf")),': followed(
            "A published table"
        ),
        'tests/unit/test_publish_tables.py "oppgjor_hf": (': TABLES,
        DOCS: ["tests/unit/test_publish_dictionary.py"],
    },
    "A quality check": {
        "sql/quality_check/validity/care_level_unknown.sql": followed("A quality check"),
        'expectations/quality/20_gyldighet.toml id = "debitor_missing"': followed("A quality check"),
        'tests/unit/quality_delivery.py rows.episode("A-level", omsorgsniva="")': followed("A quality check"),
        'tests/unit/quality_delivery.py "care_level_missing": {"A-level"},': followed("A quality check"),
        DOCS: ["tests/unit/test_quality_docs.py"],
    },
}
SUPPLEMENT = "A supplement or a deduction"
OTHERS = [recipe for recipe in WATCHED if recipe != SUPPLEMENT]
# What `make docs` writes of them; all its pages take longer than the tests.
PAGES = {
    SUPPLEMENT: ["tests.cases.document", "tests.docs.models"],
    "A published table": ["pipelines.publication.dictionary", "tests.docs.models"],
    "A quality check": ["pipelines.quality.docs", "tests.docs.models"],
}
ALL_STEPS = [(recipe, step) for recipe, watched in WATCHED.items() for step in watched]
# The steps of the others are left out one at a time by `make test-thorough`.
STEPS = few([one for one in ALL_STEPS if one[0] == SUPPLEMENT], ALL_STEPS)


def steps(recipe: str) -> dict[str, tuple[str, str]]:
    """The steps of a recipe, each with what it does (`write` a file, lines `below` or `above` one, `run`) and its text.
    A step is named by its file, and by the line (or the first cell of the row) that it stands beside."""
    found = {}
    for before, kind, text in re.findall(r"(.*?)```(\w+)\n(.*?)```\n", SECTIONS[recipe], re.DOTALL):
        beside = re.search(r"In\s+`([^`]+)`,\s+(below|above)\s+the\s+(?:row|line)\s+of\s+`([^`]+)`:\s*$", before)
        path = re.search(r"`([^`]+)`:\s*$", before)
        if kind == "sh":
            found |= dict.fromkeys(text.split("\n")[:-1], ("run", ""))
        elif beside:
            found[f"{beside[1]} {beside[3]}"] = (beside[2], text)
        else:
            found[path[1]] = ("write", text)
    return found


def files_of(chosen: dict[str, tuple[str, str]]) -> dict[str, str]:
    """The files that these steps leave."""
    files: dict[str, str] = {}
    for step, (way, text) in chosen.items():
        path, _, place = step.partition(" ")
        if way == "write":
            files[path] = text
        elif way != "run":
            lines = files.get(path, (ROOT / path).read_text("utf-8") if (ROOT / path).exists() else "").splitlines(True)
            # A row of a table is found by its first cell, any other line by what is in it.
            beside = [n for n, line in enumerate(lines) if line.startswith(f"| `{place}` |")]
            beside = beside or [n for n, line in enumerate(lines) if place in line]
            assert len(beside) == 1, f"{path} has {len(beside)} lines of {place}"
            lines.insert(beside[0] + (way == "below"), text)
            files[path] = "".join(lines)
    return files


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[tuple[str, str], str | None]:
    """What fails with all steps of a recipe, or of several that do not touch each other (`(recipe, "")`), and without
    each step."""
    copy = tmp_path_factory.mktemp("recipe")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "benchmarks"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    done = {recipe: steps(recipe) for recipe in WATCHED}
    runs = {
        (SUPPLEMENT, ""): run_of([done[SUPPLEMENT]], watching(SUPPLEMENT, *STYLE), PAGES[SUPPLEMENT]),
        (OTHERS[0], ""): run_of(
            [done[recipe] for recipe in OTHERS],
            [test for recipe in OTHERS for test in watching(recipe)],
            [page for recipe in OTHERS for page in PAGES.get(recipe, [])],
        ),
    }
    for recipe, step in STEPS:
        # A page that is made takes seconds, and without another step only one test looks at it.
        left = {name: text for name, text in done[recipe].items() if name != step}
        runs[recipe, step] = run_of([left], WATCHED[recipe][step])
    run = subprocess.run(
        [sys.executable, "-m", "tests.docs.follow"],
        cwd=copy, input=json.dumps(list(runs.values())), capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return dict(zip(runs, json.loads(run.stdout), strict=True))


def watching(recipe: str, *more: str) -> list[str]:
    """The files and tests that look at a recipe's steps."""
    found = [test for tests in WATCHED[recipe].values() for test in tests if test.startswith("tests/")]
    return [*dict.fromkeys([*found, *more])]


def run_of(chosen: list[dict[str, tuple[str, str]]], tests: list[str], pages: Iterable[str] = ()) -> dict:
    """What `follow` is to do."""
    files = files_of({step: done for one in chosen for step, done in one.items()})
    if "-k" not in tests:
        tests = [*tests, "-k", OWN]
    return {"files": files, "pages": list(dict.fromkeys(pages)), "tests": tests}


def test_every_recipe_is_followed():
    assert list(SECTIONS) == list(WATCHED)
    assert {recipe: list(steps(recipe)) for recipe in WATCHED} == {name: list(of) for name, of in WATCHED.items()}


@pytest.mark.parametrize("recipe", [SUPPLEMENT, OTHERS[0]], ids=["a supplement", "the others"])
def test_the_recipes_followed_to_the_letter_are_green(recipe, outcomes):
    assert outcomes[recipe, ""] is None, outcomes[recipe, ""]


@pytest.mark.parametrize(("recipe", "step"), STEPS)
def test_without_a_step_a_test_fails(recipe, step, outcomes):
    told = outcomes[recipe, step]
    assert told is not None and re.search("^(FAILED|ERROR) tests/", told, re.M), told
