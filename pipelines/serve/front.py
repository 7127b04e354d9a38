"""The front pages of a home as text: its own, and one per delivery; as served, and as files for who has no server."""

import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipelines.engine import home as homes
from pipelines.publication import norwegian, words
from pipelines.publication.audience import DIRECTORATE
from pipelines.publication.page import environment
from pipelines.serve.overview import Delivery, Result

_EXPORT = re.compile(r"(\d{4}-T\d-\d+)-(parquet|stata)((?:-r\d+)?)")
_SCENARIO = re.compile(r"(\d{4}-T\d-\d+)_(.+)_mot_(.+)")
_YEAR_OF = re.compile(r"(\d{4})_(\d{4}-T\d-\d+.*)")
_PAIR = re.compile(r"\d{4}-T\d-\d+_\d{4}-T\d-\d+(?:-r\d+)?")
TEMPLATES = Path(__file__).resolve().parent / "templates"


def home(
    deliveries: list[Delivery],
    results: list[tuple[str, list[Result]]],
    unreadable: Iterable[str] = (),
    *,
    live: bool,
) -> str:
    """The front page of a home. `live`: with search and lists, as served; else as a file that lies in the home.
    `unreadable`: published deliveries that cannot be read."""
    shown = {"deliveries": deliveries, "results": results, "unreadable": list(unreadable)}
    return page("forside.html.j2", "ISF-oppgjør", **shown, live=live, root="/fil/" if live else "")


def delivery(one: Delivery, levels: dict[str, str] | None = None) -> str:
    """A delivery: its sums per region, and the ways to everything of it. `levels`: the lists that are served of it by
    name and title; without them it is a file, two folders below the home."""
    return page(
        "leveranse.html.j2",
        f"Leveranse {one.id}",
        one=one,
        levels=levels or {},
        live=levels is not None,
        root="../../" if levels is None else "/fil/",
    )


def ways(links: list[tuple[str, str]]) -> str:
    """The line of links (address, text) above a page, as the pages of results have it."""
    macros: Any = environment(TEMPLATES).get_template("makroer.html.j2").module
    return str(macros.ways(links))


def page(template: str, title: str, **shown: Any) -> str:
    """A page of the frame that all of them share."""
    from importlib.metadata import version

    env = environment(TEMPLATES)
    env.filters |= {
        "adresse": lambda value: quote(str(value), safe=""),
        "sti": quote,
        "dato": _date,
        "enhet": _unit,
        "resultat": _result,
        "regler": words.rules,
    }
    env.globals |= {
        "with_sign": partial(norwegian.number, sign=True),
        "mark": homes.FRONT_MARK,
        "comma": lambda text: text.replace(".", ","),
    }
    about = {"program": {"version": version("isf-oppgjor")}, "audience": DIRECTORATE.line}
    return env.get_template(template).render(title=title, **about, **shown)


def _date(text: str | None) -> str:
    """`2025-09-02` as `02.09.2025`; a dash where a delivery does not say when it was produced."""
    return ".".join(reversed(text.split("-"))) if text else "–"


def _result(name: str) -> str:
    """`2025-T1-1_2025-T1-2` as `2025-T1-1 og 2025-T1-2`, `2025-T1-2-stata` as `2025-T1-2 som Stata`, a scenario as
    `2025-T1-2: 2025 mot 2026-draft`, `2026_2025-T3-2` as `2026 av 2025-T3-2`; other names as they are."""
    if export := _EXPORT.fullmatch(name):
        edition = f", utgave {export[3].removeprefix('-r')}" if export[3] else ""
        return f"{export[1]} som {export[2].capitalize()}{edition}"
    if scenario := _SCENARIO.fullmatch(name):
        return f"{scenario[1]}: {scenario[2]} mot {scenario[3]}"
    if of := _YEAR_OF.fullmatch(name):
        return f"{of[1]} av {' og '.join(of[2].split('_'))}"
    return " og ".join(name.split("_")) if _PAIR.fullmatch(name) else name


def _unit(kind: str) -> str:
    return words.UNIT.get(kind, kind)
