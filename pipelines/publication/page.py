"""The one environment of the HTML pages: what all of them share, with a room's own templates in front.

Pages are self-contained and pure: the same data gives the same text. Everything from data is escaped, and a name that
does not exist is an error. The shared style sheet and macros lie in `templates/` beside this file.
"""

import functools
from collections.abc import Callable
from pathlib import Path

import jinja2

from pipelines.publication import norwegian, words

SHARED = Path(__file__).resolve().parent / "templates"
FILTERS: dict[str, Callable] = {
    "antall": norwegian.number,
    "poeng": norwegian.points,
    "kr": norwegian.money,
    "hele_kr": functools.partial(norwegian.number, decimals=0),
    "sektor": words.sector,
    "sektor_kort": words.sector_short,
}


def environment(room: Path, filters: dict[str, Callable] | None = None) -> jinja2.Environment:
    """The environment of a room: `room` is its folder, which has `templates/`."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader([room / "templates", SHARED]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {**FILTERS, **(filters or {})}
    env.globals |= {"prosent": norwegian.percent}
    return env
