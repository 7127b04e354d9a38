"""What people can use is documented, and what the documentation names exists."""

import re
from pathlib import Path

import pytest

from pipelines.engine.models import models
from tests.docs import outputs

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
ALL_TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def commands() -> set[str]:
    """The names of isf's commands, as `isf --help` shows them."""
    import typer.main

    from pipelines.cli import app

    return set(typer.main.get_command(app).commands)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_list_of_outputs_is_the_programs():
    assert outputs.PAGE.read_text(encoding="utf-8") == outputs.document(), "run make docs"


def test_every_command_is_in_the_documentation():
    missing = [name for name in sorted(commands()) if not re.search(rf"\bisf {name}\b", ALL_TEXT) and name != "demo"]
    assert missing == []


def test_every_command_named_exists():
    named = set(re.findall(r"(?:^|[`/ (])isf ([a-z]+)\b", ALL_TEXT))
    assert named - commands() == set()


def test_every_make_target_named_exists_and_is_explained():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    explained = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.M))
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.M).group(1).split())
    assert phony == explained
    assert set(re.findall(r"`make ([a-z-]+)`|^\s+make ([a-z-]+)", README, re.M)) and all(
        (a or b) in explained for a, b in re.findall(r"`make ([a-z-]+)`|^\s+make ([a-z-]+)", README, re.M)
    )


@pytest.mark.parametrize("model", models("all"), ids=lambda model: model.name)
def test_every_model_says_what_it_is_of_which_grain_and_after_which_paragraph(model):
    assert model.header.get("what") and model.header.get("grain")
    if model.path:
        assert model.header.get("key")
        assert model.header.get("source") or model.name in ("pathway_component",)


def test_every_folder_named_in_the_readme_exists():
    for folder in re.findall(r"`((?:sql|reference_data|tests|pipelines|expectations)/[\w/-]*)`", README):
        assert (ROOT / folder).exists(), folder
