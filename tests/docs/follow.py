"""Follows a recipe on a copy of the project, whole and without one step at a time; run by `test_recipes` in the copy.

Every run is a process forked from this one, so the libraries are imported once and nothing stays in a cache.
"""

import json
import os
import runpy
import sys
import traceback
from functools import cache
from pathlib import Path

import duckdb  # noqa: F401
import pytest
import yaml  # noqa: F401

from pipelines.engine import models
from pipelines.rules import load as rulesets
from pipelines.rules import reads
from pipelines.settlement.run import build_warehouse  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Read the runs from standard input, `[{"files": {path: text}, "pages": […], "tests": […]}]`, where pages are the
    modules that write them; print those that fail: the output of their tests, or null."""
    runs = json.loads(sys.stdin.read())
    # What a model reads depends on its text alone, so the runs may share it; which models there are, they may not. A
    # rule set is kept by its files, and read again where a run has written one of them.
    models.tables_read = cache(models.tables_read)
    models.models("all")
    for name in rulesets.available():
        rulesets.read(name)
    for function in (models.models, *vars(reads).values()):
        if hasattr(function, "cache_clear"):
            function.cache_clear()
    print(json.dumps([_alone(**one) for one in runs]))


def _alone(files: dict[str, str], pages: list[str], tests: list[str]) -> str | None:
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        os.close(told)
        with os.fdopen(tell, "w") as out:
            try:
                out.write(_fails(files, pages, tests))
            except BaseException:
                out.write(traceback.format_exc())
        os._exit(0)
    os.close(tell)
    with os.fdopen(told) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return text or None


def _fails(files: dict[str, str], pages: list[str], tests: list[str]) -> str:
    """What the tests say where one fails, with the files and the pages written; they are put back."""
    before = {ROOT / path: (ROOT / path).read_text("utf-8") if (ROOT / path).exists() else None for path in files}
    there = {path: path.read_bytes() for path in (ROOT / "docs").rglob("*.md")}
    log = ROOT / "follow.log"
    try:
        for path, text in files.items():
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text, encoding="utf-8")
        with log.open("w", encoding="utf-8") as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            if any(path.startswith("pipelines/") for path in files):
                for name in [name for name in sys.modules if _may_have_changed(name)]:
                    del sys.modules[name]
            if pages:
                rulesets._cache.clear()  # followed to the letter: the sets as they are hold with the new models too
            for module in pages:
                runpy.run_module(module, run_name="__main__")
            code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests])
        return log.read_text("utf-8") if code else ""
    finally:
        for path, text in before.items():
            path.unlink(missing_ok=True) if text is None else path.write_text(text, encoding="utf-8")
        for path in set((ROOT / "docs").rglob("*.md")) - there.keys():
            path.unlink()
        for path, content in there.items():
            path.write_bytes(content)


def _may_have_changed(module: str) -> bool:
    """Whether a recipe may change it, or what it imports. Engine and rules import one another alone, and none does."""
    room, *_ = module.removeprefix("pipelines.").split(".")
    return module.startswith(("pipelines.", "tests.")) and room not in ("engine", "rules", "errors")


if __name__ == "__main__":
    main()
