"""The expectations as data, what Great Expectations says of a settlement, and what it may not do."""

import dataclasses
import os
import socket
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.checks.suites import FOLDER, blocking_failures, expectations, start_import, suites, validate
from pipelines.publication import tables
from tests.unit import expectations_document, expectations_warehouse

FRAME = """
name = "s"
title = "Suite"
text = "Tekst."

[[frame]]
name = "t"
title = "Tabell"
query = "{query}"
key = {key}

[[frame.expect]]
id = "e"
type = "{type}"
kwargs = {kwargs}
severity = "{severity}"
paragraph = "3.11"
text = "Slik skal det være."
"""


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    with expectations_warehouse.build(tmp_path_factory.mktemp("delivery")) as con:
        yield con


def write_suite(folder: Path, **changes: str) -> Path:
    values = {
        "query": "select 1 as n",
        "key": "[]",
        "type": "expect_column_values_to_be_in_set",
        "kwargs": "{ column = 'n', value_set = [1] }",
        "severity": "blocking",
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "s.toml").write_text(FRAME.format(**{**values, **changes}), encoding="utf-8")
    return folder


def judged(tmp_path: Path, **changes: str):
    """The result of a suite with one expectation."""
    with duckdb.connect() as con:
        return validate(con, suites(write_suite(tmp_path / "suites", **changes)))[0]


def test_each_expectation_says_what_and_by_which_paragraph():
    for expectation in expectations():
        assert expectation.text.endswith("."), expectation.id
        assert expectation.paragraph[0].isdigit(), expectation.id
    texts = [e.text for e in expectations()]
    assert len(set(texts)) > 0.8 * len(texts), "the same words for different expectations"


def test_the_columns_are_those_that_are_published():
    lists = {e.id.removesuffix("_kolonner"): e.kwargs["column_list"] for e in expectations() if "_kolonner" in e.id}
    names = {"rhf": "oppgjor_rhf", "hf": "oppgjor_hf", "poengposter": "poengposter", "grunnlag": "grunnlag"}
    assert {names[key]: tuple(columns) for key, columns in lists.items()} == {
        name: tables.table(name).columns for name in names.values()
    }


def test_expectations_are_plain_data_and_always_the_same(con):
    results = validate(con)
    assert [result.expectation for result in results] == [e.id for e in expectations()]
    assert results == validate(con)
    for result in results:
        for value in dataclasses.astuple(result):
            assert type(value) in (str, bool, int)


def test_a_failure_stops_publication_only_where_money_would_be_wrong(tmp_path):
    wrong = {"kwargs": "{ column = 'n', value_set = [2] }"}
    stops, warns = judged(tmp_path, **wrong), judged(tmp_path / "w", severity="warning", **wrong)
    assert not stops.success and not warns.success
    assert blocking_failures([stops, warns]) == ["Slik skal det være. (§3.11, t: 1)"]


def test_decimals_are_compared_exactly(tmp_path):
    # As floats these two are the same number.
    query = "select '900719925474099.301'::decimal(18, 3) - '900719925474099.300'::decimal(18, 3) as n"
    assert judged(tmp_path, query=query, kwargs="{ column = 'n', value_set = [0] }").observed == "0,001"
    limit = "{ column = 'n', max_value = 0.1 }"
    between = "expect_column_values_to_be_between"
    assert judged(tmp_path / "a", query="select 0.1 as n", type=between, kwargs=limit).success
    assert not judged(tmp_path / "b", query="select 0.1000000000000001 as n", type=between, kwargs=limit).success
    assert isinstance(suites(tmp_path / "a" / "suites")[0].frames[0].expectations[0].kwargs["max_value"], Decimal)


def test_a_frame_that_cannot_be_read_fails(tmp_path):
    missing = judged(tmp_path, query="select * from nowhere")
    assert not missing.success and missing.observed.startswith("tabellen kunne ikke leses: ")
    large = judged(tmp_path / "l", query="select range as n from range(100001)")
    assert not large.success and "100000" in large.observed


def test_a_check_that_cannot_be_made_fails(tmp_path):
    result = judged(tmp_path, kwargs="{ column = 'm', value_set = [1] }")
    assert not result.success and result.observed.startswith("kontrollen kunne ikke gjøres: ")


def test_failing_rows_are_named_by_their_key_and_only_a_few(tmp_path):
    query = "select 'R' || range as k, range * 1000 as n from range(8)"
    result = judged(tmp_path, query=query, key="['k']", kwargs="{ column = 'n', value_set = [0] }")
    assert result.unexpected_count == 7
    assert result.observed.replace("\u00a0", " ") == (
        "7 av 8 rader: R1: 1 000; R2: 2 000; R3: 3 000; R4: 4 000; R5: 5 000; og 2 til"
    )


def test_cells_that_may_rest_on_few_patients_show_no_value(con):
    con.execute("begin; update gjestepasienter_usladdet set antall_opphold = -777, refusjon_kr = -777")
    try:
        failed = [r for r in validate(con) if not r.success and "gjestepasienter" in r.table]
    finally:
        con.execute("rollback")
    assert {"gjest_opphold", "gjest_refusjon", "sum_gjest_opphold"} <= {r.expectation for r in failed}
    assert not any("77" in r.observed.split("rader: ")[1].replace("993467049", "") for r in failed)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"severity": "fatal"}, "severity is 'fatal'"),
        ({"key": '[]\nkeys = ["n"]'}, "unknown key keys"),
        ({"query": 'select 1 as n"\nname = "twice'}, "s.toml"),
    ],
)
def test_a_bad_suite_is_named(tmp_path, changes, fault):
    with pytest.raises(ValueError, match=fault):
        suites(write_suite(tmp_path, **changes))


def test_ids_are_unique(tmp_path):
    folder = write_suite(tmp_path)
    (folder / "t.toml").write_text((folder / "s.toml").read_text())
    with pytest.raises(ValueError, match="used twice: e"):
        suites(folder)


def test_nothing_heavy_is_imported_before_it_is_needed():
    code = "import sys, pipelines.checks.suites; print({'great_expectations', 'pandas'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_import_can_run_in_the_background():
    start_import()
    with duckdb.connect() as empty:
        assert not any(result.success for result in validate(empty, [suites()[2]]))


def test_nothing_is_written_and_nothing_leaves_the_machine(con, monkeypatch, tmp_path, capfd):
    def refuse(*_args, **_kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    validate(con)
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")
    assert os.environ["GX_ANALYTICS_ENABLED"] == "False"


def test_analytics_are_off_in_the_code_too():
    from great_expectations.data_context.data_context.context_factory import project_manager

    from pipelines.checks.gx import _context

    _context()
    assert project_manager.get_current_project().config.analytics_enabled is False


def test_the_folder_holds_nothing_but_suites():
    assert {path.suffix for path in FOLDER.iterdir()} == {".toml"}


def test_the_list_in_the_documentation_is_current():
    assert expectations_document.PAGE.read_text(encoding="utf-8") == expectations_document.document()
