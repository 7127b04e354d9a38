"""The templates of all pages: the shared frame, style sheet and macros, and a job's own folder before them."""

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import jinja2

from pipelines.publication import audience, norwegian, words

SHARED = Path(__file__).resolve().parent / "templates"


# The hashes of all scripts that pages of this program have ever had in them: a page keeps the one that it was published
# with. A script that is changed is one more.
SCRIPTS = (
    "sha256-pNTmZzDZCHOiwDQjdcnYZyPizx5SbkmvWh5hqfVfQis=",  # tabeller.js
    "sha256-WUIylYOr5G0IFNvAwUJNLRDuQ2zfXB8l2VZCrtfykUU=",  # tabeller.js, the first
    "sha256-FnPzgV6Y9RaWuj/EoFSY+B68xcnT1GMcdxwddqfP3E4=",  # filter.js of the quality reports
)


@cache
def script(path: Path = SHARED / "tabeller.js") -> tuple[str, str]:
    """A script of ours, and its hash for the content policy of a page: nothing else may run."""
    text = path.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return text, f"sha256-{digest}"


def above(deliveries: Iterable[str], up: str = "../..") -> list[tuple[str, str]]:
    """The ways (address, text) from a page of the directorate's to the front pages of its home and of the deliveries
    that it is about, which lie as files in the home (`pipelines.serve.index`). `up`: from the page's folder to it."""
    fronts = [(f"{up}/leveranse/{one}/index.html", f"Leveranse {one}") for one in sorted(set(deliveries))]
    return [(f"{up}/index.html", "Forsiden"), *fronts]


@cache
def environment(own: Path) -> jinja2.Environment:
    """The environment of the job whose templates lie in `own`; a job adds its own filters to it.

    Every text from data is escaped (style sheets are ours), and a name that does not exist is an error.
    """
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader([own, SHARED]),
        autoescape=lambda name: name is None or not name.endswith(".css"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "antall": norwegian.number,
        "eksakt": norwegian.exact,
        "tertial": words.tertial,
        "poeng": norwegian.points,
        "kr": norwegian.money,
        "hele_kr": lambda value: norwegian.number(value, 0),
        "hele": lambda value: norwegian.number(value, 0),
        "sektor": words.sector,
        "sektor_kort": words.sector_short,
    }
    env.globals |= {"prosent": norwegian.percent, "tables_script": script()[0], "tables_hash": script()[1]}
    # The line that says for whom a page is.
    env.globals |= {
        "for_everybody": audience.PUBLIC.line,
        "for_the_hospital": audience.HOSPITAL.line,
        "for_the_directorate": audience.DIRECTORATE.line,
    }
    return env
