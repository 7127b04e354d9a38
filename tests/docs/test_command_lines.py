"""Every command line that the documentation shows is one that the program takes.

Lines of a block are examples to be typed: they must be whole. What stands in a sentence may leave out what is required
(`isf settle --engine spark`), but what it names must be there.
"""

import re
import shlex

import pytest
import typer
import typer.main

from pipelines.cli import app
from tests.docs.test_documented import PAGES, ROOT

ISF = typer.main.get_command(app)
COMMAND = re.compile(r"(?:^|: |; )(?:\.venv/bin/)?isf ((?:[a-z-]).*)$")
PLACEHOLDERS = {"Y": "2025", "YEAR": "2025", "PORT": "8765", "…": None, "...": None}


def shown(text: str) -> tuple[list[str], list[str]]:
    """The command lines of a page: of its blocks, and of its sentences."""
    text = re.sub(r"\\\n\s*", " ", text)
    fenced = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.M | re.S)
    plain = re.sub(r"^```[^\n]*\n.*?^```", "", text, flags=re.M | re.S)
    lines = [line for block in fenced for line in block.splitlines()] + re.findall(
        r"^    (?! *[-*|] )(.*)$", plain, re.M
    )
    blocks = [found[1] for line in lines if (found := COMMAND.search(line.split("  #")[0].split(" # ")[0].rstrip()))]
    sentences = re.findall(r"(?<!`)`(?:\.venv/bin/)?isf ([a-z-][^`]*)`", re.sub(r"^    .*$", "", plain, flags=re.M))
    return blocks, [re.sub(r"\s+", " ", line.replace("\\|", "|")) for line in sentences]


def readings(line: str) -> list[list[str]]:
    """A line as words, once with what stands in brackets and once without; one line per alternative (`a|b`)."""
    ways = [line]
    if "[" in line:
        ways = [re.sub(r"\[[^\]]*\]", "", line), re.sub(r"[\[\]]", "", line)]
    found = []
    for way in ways:
        words = [PLACEHOLDERS.get(word, word) for word in shlex.split(way)]
        choices = next((word.split("|") for word in words if word and "|" in word), [None])
        found += [[choice if word and "|" in word else word for word in words if word] for choice in choices]
    return found


def fault(words: list[str], *, whole: bool) -> str | None:
    """Why the program does not take these words; None if it does. Nothing is run."""
    command, name = ISF, "isf"
    while words and words[0] in getattr(command, "commands", {}):
        name, words = words[0], words[1:]
        command = command.commands[name]
    if hasattr(command, "commands"):
        options = {option for param in command.params for option in param.opts} | {"--help"}
        return f"{name} has no {words[0]}" if words and words[0] not in options else None
    try:
        command.make_context(name, words)
    except typer.BadParameter.__mro__[1] as error:  # UsageError, of which typer.BadParameter is one
        left_out = type(error).__name__ in ("MissingParameter", "BadOptionUsage")  # an argument; an option's value
        return None if left_out and not whole else f"isf {name}: {error.format_message()}"
    return None


def faults(text: str) -> dict[str, str]:
    """The command lines of a page that the program does not take, and why."""
    blocks, sentences = shown(text)
    looked_at = [(line, True) for line in blocks] + [(line, False) for line in sentences]
    return {line: why for line, whole in looked_at for words in readings(line) if (why := fault(words, whole=whole))}


def test_the_program_takes_every_command_line_shown():
    found = {str(page.relative_to(ROOT)): faults(page.read_text(encoding="utf-8")) for page in PAGES}
    assert {page: wrong for page, wrong in found.items() if wrong} == {}


def test_the_command_lines_are_found():
    blocks, sentences = shown((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(blocks) > 20 and len(sentences) > 5
    assert "explain ID --unpublished" in sentences and "settle 2025-T1-2 --home DIR" in blocks


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("    isf weights build --activity 2025-T3-2 --out my-set", "Missing option '--ruleset'"),
        ("    .venv/bin/isf settle  # needs a delivery", "Missing argument 'delivery'"),
        ("```sh\nisf avregning NEXT --decisions FILE\n```", "'year': Input should be a valid integer"),
        ("Try: `isf settle --engin spark`", "No such option: --engin"),
        ("Try: `isf settle` and `isf weights bild`", "weights has no bild"),
        ("    isf quality 2025-T1-2 --answers", "Option '--answers' requires an argument"),
        ("    isf register icd10|procedure|atc FILE MORE", "unexpected extra argument(s) (MORE)"),
        ("    isf prognosis 2025-T1-2 [--budgets FILE]", "No such option: --budgets"),
        ("    isf compare A B C", "unexpected extra argument(s) (C)"),
        ("    isf simulate --activity 2025-T1-2 \\\n        --alternativ x", "No such option: --alternativ"),
    ],
)
def test_a_wrong_command_line_is_found(text, why):
    (found,) = faults(text).values()
    assert why in found
