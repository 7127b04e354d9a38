"""No year and no group code in SQL or Python: everything that varies by year is data under reference_data/.

A literal is a string or a number in the code; comments and docstrings may explain. Codes are the DRGs, STGs
and TFGs of every delivered rule set, and the procedure, condition and tariff codes and organisation numbers
of its tables and parameters. A string of one or two digits is a plain number in text form, not a DRG.
"""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlglot
from sqlglot.tokens import TokenType

from pipelines.rules import load as ruleset

ROOT = Path(__file__).resolve().parents[2]
YEARS = {str(year) for year in range(2019, 2031)}
CODE_COLUMNS = {
    "drg": ["drg"],
    "stg": ["stg"],
    "tfg": ["tfg"],
    "stg_procedure": ["procedure"],
    "organ_donation_code": ["code"],
    "non_isf_main_condition": ["icd10"],
    "trust": ["hf_orgnr", "rhf_orgnr"],
}


def known_codes() -> set[str]:
    codes = set()
    for name in ruleset.available():
        tables = ruleset.read(name).tables
        for table, columns in CODE_COLUMNS.items():
            codes |= {row[column] for row in tables[table] for column in columns}
        codes |= {p["value"] for p in tables["parameter"] if p["kind"] == "list" and not p["value"].isdigit()}
    return {code for code in codes if not re.fullmatch(r"\d{1,2}", code)}


CODES = known_codes()


def forbidden(literal: str) -> bool:
    """A year, a code, or a pattern of LIKE with which codes start."""
    text = literal.upper()
    if text.endswith("%") and len(text) > 3:
        return any(code.startswith(text.rstrip("%")) for code in CODES)
    return text in YEARS or text in CODES


def sql_literals(text: str) -> list[str]:
    """By its tokens, which takes a third of what parsing does and leaves out no text that is in quotes."""
    return [
        token.text
        for token in sqlglot.tokenize(text, read="duckdb")
        # A whole number is a value, not a group: `64` in an expression is never DRG 64. A year is caught.
        if "STRING" in token.token_type.name or (token.token_type is TokenType.NUMBER and token.text in YEARS)
    ]


def python_literals(text: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
        elif isinstance(node, ast.Constant) and type(node.value) is int and str(node.value) in YEARS:
            found.append(str(node.value))
    return found


def folders(top: str, suffix: str) -> dict[str, list[Path]]:
    """The files by the folder under `top`, so that a test is a folder: a file is read faster than a test is begun."""
    found: dict[str, list[Path]] = {}
    for path in sorted((ROOT / top).rglob(f"*{suffix}")):
        found.setdefault("/".join(path.relative_to(ROOT).parts[:-1][:2]), []).append(path)
    return found


def constants(paths: list[Path], literals: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """The files that hold a year or a code, and which."""
    found = {path: [v for v in literals(path.read_text(encoding="utf-8")) if forbidden(v)] for path in paths}
    return {path.relative_to(ROOT).as_posix(): values for path, values in found.items() if values}


SQL = folders("sql", ".sql")
PYTHON = folders("pipelines", ".py")


@pytest.mark.parametrize("folder", SQL)
def test_sql_holds_no_year_and_no_code(folder):
    assert constants(SQL[folder], sql_literals) == {}, "move the value to reference_data/"


@pytest.mark.parametrize("folder", PYTHON)
def test_python_holds_no_year_and_no_code(folder):
    assert constants(PYTHON[folder], python_literals) == {}, "move the value to reference_data/"


def test_every_file_is_read_once():
    for top, suffix, by_folder in (("sql", ".sql", SQL), ("pipelines", ".py", PYTHON)):
        paths = [path for paths in by_folder.values() for path in paths]
        assert len(paths) > 200 and sorted(paths) == sorted((ROOT / top).rglob(f"*{suffix}"))


def test_each_file_of_a_folder_with_its_constants_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    for name, text in (("a", "select 2025 as x"), ("b", "select 1 as x"), ("c", "select 'TD99L' as x")):
        (tmp_path / f"{name}.sql").write_text(text)
    assert constants(sorted(tmp_path.iterdir()), sql_literals) == {"a.sql": ["2025"], "c.sql": ["TD99L"]}


@pytest.mark.parametrize("text", ["'462A'", "'462a'", "drg like '980%'", "2025", "'TD99L'", "'KGV20'", "'373'"])
def test_a_constant_in_sql_would_be_found(text):
    assert [v for v in sql_literals(f"select {text} as x") if forbidden(v)]


@pytest.mark.parametrize("text", ["x = '462A'", "f(2025)", "x = {'year': '2026'}", "f'{x}462A'", "x = 'MT01'"])
def test_a_constant_in_python_would_be_found(text):
    assert [v for v in python_literals(text) if forbidden(v)]


@pytest.mark.parametrize("text", ["'64'", "64", "462", "'SOM'", "'7.19'", "1000", "'A'"])
def test_plain_values_are_allowed(text):
    assert not [v for v in sql_literals(f"select {text} as x") if forbidden(v)]
