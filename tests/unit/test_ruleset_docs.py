"""docs/rule-sets.md names every table, column, parameter and set; the SQL reads only declared parameters."""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions as exp

from pipelines.rules import load as ruleset
from pipelines.rules.shape import REQUIRED_PARAMETERS, TABLES

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


@pytest.mark.parametrize("rule", REQUIRED_PARAMETERS)
def test_the_parameters_of_the_rule_are_documented(rule):
    (row,) = re.findall(rf"^\|[^|]*`{re.escape(rule)}`[^|]*\|(.*)\|$", PAGE, re.MULTILINE)
    assert set(REQUIRED_PARAMETERS[rule]) <= set(re.findall(r"`(\w+)`", row))


def test_every_set_is_documented():
    for name in ruleset.available():
        assert f"| `{name}` |" in PAGE


def sql_files() -> list[str]:
    """All but the quality checks, whose parameters are in their own catalogue (`check_parameter`)."""
    files = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "sql").rglob("*.sql"))
    return [file for file in files if not file.startswith("sql/quality/")]


@pytest.mark.parametrize("file", sql_files())
def test_sql_reads_only_declared_parameters(file):
    declared = {name for parameters in REQUIRED_PARAMETERS.values() for name in parameters}
    read = set()
    for statement in sqlglot.parse((ROOT / file).read_text(encoding="utf-8"), read="duckdb"):
        for equal in statement.find_all(exp.EQ) if statement else []:
            if equal.left.name == "parameter" and isinstance(equal.right, exp.Literal):
                read.add(equal.right.this)
    assert read <= declared, f"{file}: declare the parameter in pipelines/ruleset_tables.py"
