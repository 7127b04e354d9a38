"""docs/rule-sets.md names every table, column, parameter and set."""

import re
from pathlib import Path

import pytest

from pipelines.rules import load as ruleset
from pipelines.rules.reads import required
from pipelines.rules.shape import TABLES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "rule-sets.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TABLES)
def test_the_table_is_documented_with_its_columns(name):
    (row,) = re.findall(rf"^\| `{name}` \|(.*)$", PAGE, re.MULTILINE)
    columns = row.split("|")[0]
    assert re.findall(r"`(\w+)`", columns) == list(TABLES[name].columns)
    assert tuple(re.findall(r"\*\*`(\w+)`\*\*", columns)) == TABLES[name].key
    optional = [column for column, kind in TABLES[name].columns.items() if kind.endswith("?")]
    assert re.findall(r"`(\w+)`\**°", columns) == optional


@pytest.mark.parametrize("rule", required())
def test_the_parameters_of_the_rule_are_documented(rule):
    (row,) = re.findall(rf"^\|[^|]*`{re.escape(rule)}`[^|]*\|(.*)\|$", PAGE, re.MULTILINE)
    assert set(required()[rule]) <= set(re.findall(r"`(\w+)`", row))


def test_every_set_is_documented():
    for name in ruleset.available():
        assert f"| `{name}` |" in PAGE
