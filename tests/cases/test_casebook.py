"""The case files themselves: readable, complete, and the page made from them up to date."""

from __future__ import annotations

import re

import pytest

from pipelines.engine.models import models as all_models
from tests.cases.casebook import DEFAULT_DELIVERY, Case, load_cases, load_files, rows, write_delivery
from tests.cases.document import PAGES, render

CASES = load_cases()


def test_titles_are_unique():
    ids = [case.id for case in CASES]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("file", load_files(), ids=lambda file: file["file"])
def test_file_has_what_the_page_needs(file):
    assert file["paragraf"] and file["tittel"] and file["regel"] and file["cases"]


def test_every_case_can_be_written(tmp_path):
    for case in CASES:
        tables = rows(case)
        assert tables["episode"] or tables["hresept"] or tables["akonto"], case.id
        for row in tables["episode"]:
            if "karantene" not in case.checks:
                assert re.fullmatch(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?", row["innDatoTid"]), case.id
    shared = [case for case in CASES if case.delivery == DEFAULT_DELIVERY]
    folder = write_delivery(shared, tmp_path)
    text = (folder / "episode.csv").read_text(encoding="utf-8")
    assert text.count("\n") == 1 + sum(len(rows(case)["episode"]) for case in shared)


def test_expected_units_are_the_case_own():
    """A typing error in an expected id would otherwise look like a fault of the engine."""
    for case in CASES:
        for kind, unit, _ in case.expected:
            if kind == "opphold":
                assert unit in case.episodes, f"{case.id}: {unit}"
            if kind in ("sertjeneste", "forlop"):
                assert unit.count("|") == 2, f"{case.id}: {unit}"
                assert unit.split("|")[1] in _patients(case), f"{case.id}: {unit}"


def _patients(case: Case) -> set[str]:
    tables = rows(case)
    return {row["pasientID"].removeprefix(case.prefix) for row in tables["episode"] + tables["hresept"]}


def test_every_rule_of_stays_has_cases():
    models = [model for model in all_models("50_points") if model.union == "stay_rule"]
    rules = {rule for model in models for rule in re.findall(r"'([\w.]+)' as rule", model.sql)}
    with_cases = {rule for case in CASES for _, _, rule in case.expected}
    assert len(rules) > 15 and sorted(rules - with_cases) == []


def test_page_is_up_to_date():
    written = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    assert written == render(load_files()), (
        "docs/regler/ does not show the rules and cases as they are: run `make docs`"
    )
