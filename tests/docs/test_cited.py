"""What the headers of the SQL cite can be opened: a paragraph of the regulation, a section of the rules as computed."""

import re

import pytest

from pipelines.engine.models import SQL_FOLDER

DOCS = SQL_FOLDER.parent / "docs"
RULES = (DOCS / "regelverk.md").read_text(encoding="utf-8")
SECTIONS = set(re.findall(r"^#+ ([\d.]+?)\.? ", RULES, re.MULTILINE))
PARAGRAPHS = set(re.findall(r"(?<![\d.,])\d+(?:\.\d+)+(?![\d.]*\d)", RULES))
SOURCES = {
    path.relative_to(SQL_FOLDER).as_posix(): line
    for path in sorted(SQL_FOLDER.rglob("*.sql"))
    for line in path.read_text(encoding="utf-8").splitlines()
    if line.startswith("-- source: ")
}


def sections(line: str) -> set[str]:
    """The sections of docs/regelverk.md that a line names, not in brackets; 7.1 behind a section is a post of it."""
    cited = re.search(r"docs/regelverk\.md ([^;]*)", re.sub(r"\([^)]*\)", "", line))
    return set(re.findall(r"(?:^|and |to |, )([0-6](?:\.\d)?|7)(?= |,|$)", cited[1])) if cited else set()


def test_every_section_cited_is_in_the_rules_as_computed():
    missing = {name: found for name, line in SOURCES.items() if (found := sections(line) - SECTIONS)}
    assert missing == {}
    assert {found for line in SOURCES.values() for found in sections(line)} >= {"0", "1", "2", "3", "4", "5", "6"}


def test_every_paragraph_cited_is_in_the_rules_as_computed_and_has_a_page():
    cited = {one: name for name, line in SOURCES.items() for one in re.findall(r"§(\d+(?:\.\d+)+)", line)}
    assert {one: name for one, name in cited.items() if one not in PARAGRAPHS} == {}
    pages = {path.stem for path in (DOCS / "regler").glob("*.md")}
    # A page may be of a letter of the paragraph: 3_2_3_c.
    there = {re.sub(r"_[a-z]+$", "", page) for page in pages}
    assert {one: name for one, name in cited.items() if one.replace(".", "_") not in there} == {}


@pytest.mark.parametrize("page", ["regelverk.md", "delivery.md", "published-tables.md", "simulation.md"])
def test_pages_cited_are_there(page):
    assert (DOCS / page).is_file()
    assert any(f"docs/{page}" in line for line in SOURCES.values())


def test_the_sections_cited_of_the_grouper_are_there():
    headings = re.findall(r"^#+ (.+)$", (DOCS / "grouper.md").read_text(encoding="utf-8"), re.MULTILINE)
    cited = {name: found[1] for name, line in SOURCES.items() if (found := re.search(r"grouper\.md, ([^:;]+)", line))}
    assert cited and {name: section for name, section in cited.items() if section not in headings} == {}


def test_nothing_cites_a_page_that_nobody_can_open():
    cited = {page for line in SOURCES.values() for page in re.findall(r"docs/[\w/-]+\.md", line)}
    assert [page for page in sorted(cited) if not (DOCS.parent / page).is_file()] == []
    assert [
        name for name, line in SOURCES.items() if re.search(r"rulebook|delivery contract|specification", line)
    ] == []
