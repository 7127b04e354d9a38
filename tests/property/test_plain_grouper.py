"""The grouper against the plain one, on the invented tables and on random changes of them.

The cases of one example are grouped in one call of the program, as a user would, and every column is compared. The
cases of a batch have nothing to do with each other, so the ones told of are small already and are not made smaller.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.cli import app
from tests.size import size
from tests.unit.test_grouper_cases import RULES, USUAL

from .drg_cases import DISCHARGES, ODD_NUMBERS, SEXES, Pool, cases, changed, write_cases, write_tables
from .plain_grouper import Case, PlainGrouper, case_of_row, read_folder

EXAMPLE = Path(__file__).resolve().parents[2] / "reference_data" / "grouper-example"
TABLES = read_folder(EXAMPLE)
POOL = Pool(TABLES)
PLAIN = PlainGrouper(TABLES)
QUIET = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def run(*command: str) -> None:
    assert app([str(word) for word in command], standalone_mode=False) in (None, 0)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("plain_grouper")
    run("grouper", "import", EXAMPLE, "--year", 2025, "--id", "example", "--home", folder)
    return folder


def agree(plain: PlainGrouper, given_cases: list[Case], home: Path, tables: str = "example", strings=False) -> Counter:
    """Groups the cases both ways; answers how often each rule won."""
    path, out = home / "cases.csv", home / "result.csv"
    write_cases(given_cases, path, strings)
    run("group", path, "--tables", tables, "--home", home, "--out", out, "--threads", 1)
    with out.open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream, delimiter=";"))
    wanted = [{"id": case.id, **plain.group(case)} for case in given_cases]
    differing = [
        f"{case}\n  plain   {ours}\n  program {theirs}"
        for case, ours, theirs in zip(given_cases, wanted, found, strict=True)
        if ours != theirs
    ]
    assert not differing, f"{len(differing)} of {len(wanted)} cases differ:\n" + "\n".join(differing[:5])
    return Counter(one["ord"] for one in wanted)


@pytest.mark.parametrize(("title", "fields", "rule"), RULES, ids=[title for title, _, _ in RULES])
def test_the_plain_grouper_gives_the_rules_found_by_hand(title, fields, rule):
    row = {"id": "1", "diagnoses": "", "procedures": ""} | USUAL | fields
    assert PLAIN.group(case_of_row(row))["ord"] == rule


@pytest.mark.parametrize("seed", range(size(2, 20)))
def test_cases_by_seed(seed, home):
    won = agree(PLAIN, cases(POOL, Random(seed), 2000), home, strings=seed == 1)
    assert len(won) >= len(PLAIN.rules) - 2, "the cases no longer reach the rules"


@pytest.mark.parametrize("seed", range(size(2, 40)))
def test_random_tables_by_seed(seed, home, tmp_path):
    chance = Random(seed)
    compare_on(changed(TABLES, chance), chance, home, tmp_path)


@settings(QUIET, max_examples=size(2, 60))
@given(st.randoms(use_true_random=False), st.integers(0, 9999))
def test_tables_hypothesis_finds(home, tmp_path_factory, changes, seed):
    compare_on(changed(TABLES, changes), Random(seed), home, tmp_path_factory.mktemp("tables"))


def test_criteria_that_seldom_decide(home, tmp_path):
    """Another category than one named, where there is none; and two wanted procedures that one diagnosis gives both."""
    empty = dict.fromkeys(TABLES["drglogic"][0], "") | {"drg": "1A", "rtc": "0"}
    first = [
        empty | {"ord": "00", "procpro1": "31S05", "secproc1": "31S02"},
        empty | {"ord": "01", "dgcat1": "-31M02", "disch": "R"},
    ]
    both = {"code": "QO1", "d_code": "", "vartype": "PROCPR", "varval": "31S02"}
    tables = TABLES | {"drglogic": [*first, *TABLES["drglogic"]], "dg": [*TABLES["dg"], both]}
    one = PlainGrouper(tables).group
    assert one(Case("1", "1", "12000", "R", "0", (("QA1", ""), ("QO1", "")), ()))["ord"] == "00"
    assert one(Case("1", "1", "12000", "R", "0", (("QN1", ""),), ()))["ord"] != "01"
    compare_on(tables, Random(1), home, tmp_path)


def compare_on(tables, chance: Random, home: Path, folder: Path) -> None:
    write_tables(tables, folder / "set")
    run("grouper", "import", folder / "set", "--year", 2025, "--id", "changed", "--home", home)
    agree(PlainGrouper(tables), cases(Pool(tables), chance, 400), home, "changed", strings=chance.randrange(2) == 0)


DIAGNOSES = sorted({row["code"] for row in TABLES["dg"]} | {"QZ99", "Q.A1", "ql1A", ""})
PROCEDURES = sorted({row["code"] for row in TABLES["proc"]} | {"ZZ99", "zaa1"})
PAIRS = st.one_of(
    st.tuples(st.sampled_from(DIAGNOSES), st.just("")),
    st.sampled_from(POOL.pairs),
    st.tuples(st.sampled_from(DIAGNOSES), st.sampled_from(DIAGNOSES)),
)
CASES = st.builds(
    Case,
    id=st.just("1"),
    sex=st.sampled_from(SEXES),
    age_days=st.sampled_from([*POOL.ages, *ODD_NUMBERS]),
    discharge=st.sampled_from(DISCHARGES),
    duration=st.sampled_from([*POOL.durations, *ODD_NUMBERS]),
    diagnoses=st.lists(PAIRS, max_size=4).map(tuple),
    procedures=st.lists(
        st.sampled_from(sorted({row["code"] for row in TABLES["proc"]} | {"zaa1", "ZZ"})), max_size=4
    ).map(tuple),
)


@settings(QUIET, max_examples=size(3, 60))
@given(st.lists(CASES, min_size=60, max_size=120), st.booleans())
def test_cases_hypothesis_finds(home, found, strings):
    agree(PLAIN, found, home, strings=strings)
