"""What people can use is documented, and what the documentation names exists."""

import re
from pathlib import Path

import pytest

from pipelines.engine.models import SQL_FOLDER, header_of, stages
from tests.docs import models, outputs
from tests.docs.test_recipes import ALL_STEPS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
ALL_TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def commands() -> set[str]:
    """The names of isf's commands, as `isf --help` shows them."""
    import typer.main

    from pipelines.cli import app

    return set(typer.main.get_command(app).commands)


@pytest.mark.parametrize("folder", sorted({page.parent for page in PAGES}), ids=lambda folder: folder.name)
def test_links_of_a_page_lead_somewhere(folder):
    broken = [
        f"{page.name} links to {target}"
        for page in PAGES
        if page.parent == folder
        for target in re.findall(r"\]\(([^)#\s]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (folder / target).exists()
    ]
    assert broken == []


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


def test_every_model_says_what_it_is_of_which_grain_and_after_which_paragraph():
    lacking = {}
    for path in SQL_FOLDER.glob("*/**/*.sql"):
        header = header_of(path.read_text(encoding="utf-8"))
        lacking[path.name] = [key for key in ("what", "grain", "key", "source") if not header.get(key)]
    assert len(lacking) > 300 and {name: keys for name, keys in lacking.items() if keys} == {}


def test_the_list_of_models_is_that_of_the_sql():
    assert models.PAGE.read_text(encoding="utf-8") == models.document(), "run make docs"


def test_every_room_and_every_job_beside_the_way_is_in_the_architecture():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [path.name for path in (ROOT / "pipelines").iterdir() if (path / "__init__.py").is_file()]
    named = {*re.findall(r"`(\w+)`", text)}
    # A row may name the stages of one job by what they add: `simulation_cube`, `_touched`.
    for row in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", text, re.MULTILINE):
        first, *more = re.findall(r"`(\w+)`", row)
        named |= {first.split("_")[0] + name for name in more if name.startswith("_")}
    assert [name for name in sorted([*rooms, *(s for s in stages() if not s[0].isdigit())]) if name not in named] == []


def test_every_file_that_a_recipe_names_is_there():
    """What a recipe lets its reader write is followed by `test_recipes`; what it lets him look up must be there."""
    text = re.sub(r"```.*?```", "", (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    named = set(re.findall(r"`((?:docs|expectations|pipelines|reference_data|sql|tests)/[^`\s]+)`", text))
    named -= {step for _, step in ALL_STEPS}
    missing = [name for name in sorted(named) if not list(ROOT.glob(re.sub(r"<[^>]+>|YEAR", "*", name).rstrip("/")))]
    assert len(named) > 10 and missing == []


def test_every_folder_named_in_the_readme_exists():
    for folder in re.findall(r"`((?:sql|reference_data|tests|pipelines|expectations)/[\w/-]*)`", README):
        assert (ROOT / folder).exists(), folder
