"""Every model in one hand: lower case, trailing commas, a header, columns named in the end."""

import re
from pathlib import Path

import sqlglot
from sqlglot import exp

from pipelines.engine.models import SQL_FOLDER

FILES = sorted(SQL_FOLDER.rglob("*.sql"))
# Comments, texts and quoted names are anybody's hand.
FREE = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\"[^\"]*\"")
# A step of the generator adds columns to all that the step before it has.
WIDENING = "synthetic"
STAR = re.compile(r"^select\s+(\w+\.)?\*|,\s*(\w+\.)?\*", re.MULTILINE)


def faults(sql: str) -> list[str]:
    """What is not in the house's style, by line of the file."""
    found = []
    bare = FREE.sub(lambda text: ("x" if text[0][0] != "-" else " ") * len(text[0]), sql)
    for number, (line, code) in enumerate(zip(sql.split("\n"), bare.split("\n"), strict=True), 1):
        if line != line.rstrip() or "\t" in line:
            found.append(f"line {number}: a tab, or blanks at its end")
        if re.match(r"\s*,", code):
            found.append(f"line {number}: begins with a comma; commas end lines")
        if shouted := re.findall(r"\b[A-Z]{2,}\b", code):
            found.append(f"line {number}: {', '.join(shouted)} in upper case")
    if not sql.endswith("\n") or sql.endswith("\n\n"):
        found.append("the file ends with one line end")
    return found


def test_every_file_is_in_the_style_of_the_house():
    found = {name_of(path): faults(path.read_text(encoding="utf-8")) for path in FILES}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_every_model_has_a_header_and_names_its_columns():
    texts = {name_of(path): path.read_text(encoding="utf-8") for path in FILES if path.parent != SQL_FOLDER}
    assert [name for name, sql in texts.items() if not sql.startswith("-- what: ")] == []
    judged = {name: sql for name, sql in texts.items() if not name.startswith(WIDENING) and "-- as: view" not in sql}
    # Parsing takes its time, and where there is no star there is nothing to find.
    found = {name: stars(sqlglot.parse_one(sql, read="duckdb")) for name, sql in judged.items() if STAR.search(sql)}
    assert {name: models for name, models in found.items() if models} == {}


def name_of(path: Path) -> str:
    return path.relative_to(SQL_FOLDER).as_posix()


def stars(statement: exp.Query) -> set[str]:
    """The models all of whose columns the last select takes as they are; its own `with` names its columns."""
    own = {cte.alias_or_name for cte in statement.find_all(exp.CTE)}
    if isinstance(statement, exp.SetOperation):
        return (stars(statement.left) | stars(statement.right)) - own
    source = statement.args["from_"].this if statement.args.get("from_") else None
    taken = isinstance(source, exp.Table) and statement.is_star
    return {source.name} - own if taken else set()


def test_the_way_does_without_some_words_that_are_not_standard_sql():
    """Those that docs/cluster.md names."""
    named = re.compile(r"\b(asof join|by name|epoch_us|isodow)\b")
    way = {name_of(path): FREE.sub("", path.read_text(encoding="utf-8")) for path in FILES}
    assert [name for name, sql in way.items() if name[0].isdigit() and named.search(sql)] == []


def test_what_is_not_in_the_style_is_found():
    assert stars(sqlglot.parse_one("with a as (from b) select * from a union all select c.* from c")) == {"c"}
    sql = "-- WHAT is in a comment is free\nSELECT\n    'SOM' as sektor \n    , \"HDG\"\nfrom t"
    assert faults(sql) == [
        "line 2: SELECT in upper case",
        "line 3: a tab, or blanks at its end",
        "line 4: begins with a comma; commas end lines",
        "the file ends with one line end",
    ]
