"""The recipe of a supplement is true: followed on a copy of the project it gives a rule that is paid, with the tests of
rules, cases and pages green; and without any one of its steps a test fails."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPE = (ROOT / "docs" / "recipes.md").read_text("utf-8").split("## A supplement or a deduction")[1].split("\n## ")[0]
FOLDERS = ("docs", "expectations", "pipelines", "reference_data", "sql", "tests")
CASES = ["tests/cases/test_cases.py", "-k", "7_21_helhetlig"]
DOCS = "make docs"
STYLE = ["tests/unit/test_no_constants.py", "tests/unit/test_sql_style.py"]
OWN = "not test_cases or 7_21_helhetlig"
# The tests that look at a step; with all steps each of them passes.
WATCHED = {
    "reference_data/2027-draft/rules.toml": ["tests/unit/test_ruleset_reads.py"],
    "reference_data/2027-draft/delivery_period.csv": CASES,
    "sql/50_points/stay_rule/rule_7_21_assessment.sql": CASES,
    "docs/regelverk.md 7.20": ["tests/docs/test_cited.py"],
    "docs/rule-sets.md 7.19": ["tests/unit/test_ruleset_docs.py"],
    "docs/rule-sets.md 2026-draft": ["tests/unit/test_ruleset_docs.py"],
    "tests/cases/7_21_helhetlig_vurdering.yaml": ["tests/cases/test_casebook.py", "-k", "every_rule"],
    DOCS: ["tests/cases/test_casebook.py", "-k", "up_to_date"],
}


def steps() -> dict[str, str]:
    """The steps of the recipe: a file that is written (its path), a row below another (page and that row's first cell),
    or a command, each with its text."""
    found = {}
    for before, kind, text in re.findall(r"(.*?)```(\w+)\n(.*?)```\n", RECIPE, re.DOTALL):
        row = re.search(r"In\s+`([^`]+)`,\s+below\s+the\s+row\s+of\s+`([^`]+)`:\s*$", before)
        path = re.search(r"`([^`]+)`:\s*$", before)
        if kind == "sh":
            found |= dict.fromkeys(text.split("\n")[:-1], "")
        else:
            found[" ".join(row.groups()) if row else path[1]] = text
    return found


def files_of(chosen: dict[str, str]) -> dict[str, str]:
    """The files that these steps leave."""
    files: dict[str, str] = {}
    for step, text in chosen.items():
        path, _, cell = step.partition(" ")
        if cell and step != DOCS:
            page = files.get(path, (ROOT / path).read_text("utf-8"))
            files[path], count = re.subn(
                rf"^\| `{re.escape(cell)}` \|.*\n", lambda row, t=text: row[0] + t, page, flags=re.M
            )
            assert count == 1, f"{path} has {count} rows of {cell}"
        elif step != DOCS:
            files[path] = text
    return files


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, str | None]:
    """What fails with all steps (`""`), and without each."""
    copy = tmp_path_factory.mktemp("recipe")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "benchmarks"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    found, runs = steps(), []
    every = [path for path in dict.fromkeys(tests[0] for tests in WATCHED.values())]
    for left_out in ["", *found]:
        chosen = {step: text for step, text in found.items() if step != left_out}
        tests, commands = WATCHED[left_out] if left_out else [*every, *STYLE, "-k", OWN], []
        if not left_out:
            commands = [
                step for step in chosen if step == DOCS
            ]  # it takes seconds, and only one test looks at the pages
        runs.append({"files": files_of(chosen), "commands": commands, "tests": tests})
    done = subprocess.run(
        [sys.executable, "-m", "tests.docs.follow"], cwd=copy, input=json.dumps(runs), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(["", *found], json.loads(done.stdout), strict=True))


def test_the_recipe_followed_to_the_letter_is_green(outcomes):
    assert outcomes[""] is None, outcomes[""]


@pytest.mark.parametrize("step", WATCHED)
def test_without_a_step_a_test_fails(step, outcomes):
    assert outcomes.keys() - {""} == WATCHED.keys()
    assert outcomes[step] is not None and "FAILED tests/" in outcomes[step], outcomes[step]
