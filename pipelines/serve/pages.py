"""The pages as text: what is known goes in, HTML comes out."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.explain import arithmetic
from pipelines.explain.text import render
from pipelines.grouper import text as grouper_words
from pipelines.grouper.sets import DefinitionSet
from pipelines.publication import words
from pipelines.rules.load import Ruleset
from pipelines.serve import change as changes
from pipelines.serve import front, lists
from pipelines.serve import grouping as groupings
from pipelines.serve.database import ROWS
from pipelines.serve.front import page
from pipelines.serve.overview import Delivery
from pipelines.serve.timeline import timeline
from pipelines.serve.trial import Trial

KINDS = {"hf": "Behandlende HF", "rhf": "RHF", "municipality": "Kommune", "rule": "Regel", "group": "Gruppe"}
# The levels that a click goes down through, after the one it was on.
WAY = ("rhf", "hf", "regel", "maned", "gruppe", "enhet")
UNITS = ("stay", "service", "pathway")


def delivery(one: Delivery) -> str:
    """A delivery: its sums per region, and the ways into it."""
    return front.delivery(one, lists.LEVELS)


def level(one: str, wanted: lists.Asked, shown: dict[str, Any], chosen: list[tuple[str, str, str]]) -> str:
    """A page of a list."""
    names = list(lists.LEVELS)
    deeper = [name for name in names if name not in wanted.chosen and name != wanted.level]
    way = [name for name in WAY if name in deeper]
    below = next(
        (name for name in way if wanted.level not in WAY or WAY.index(name) > WAY.index(wanted.level)), "enhet"
    )
    return page(
        "liste.html.j2",
        f"{lists.LEVELS[wanted.level]} i {one}",
        id=one,
        wanted=replace(wanted, page=shown.get("page", wanted.page)),
        shown=shown,
        most=ROWS,
        chosen=chosen,
        levels=lists.LEVELS,
        deeper=deeper,
        below=below,
        orders=lists.SORTED_UNITS if wanted.level == lists.UNIT else lists.SORTED,
        pages=max(1, -(-shown["count"] // lists.PAGE)),
        live=True,
    )


def explanation(
    one: str,
    identifier: str,
    found: list[dict[str, Any]],
    near: list[str],
    beside: list[dict[str, Any]] | None = None,
) -> str:
    """What is known of an id, up to the krone; where nothing has it, those like it. `beside`: for each what is known
    outside the settlement (`findings`, `before`, `earlier`, `unread`)."""
    parts = [
        {
            "facts": facts,
            "text": render([facts]),
            "heading": _heading(facts),
            "line": timeline(facts["episodes"]) if facts["kind"] == "stay" else None,
            **others,
        }
        for facts, others in zip(found, beside or [{}] * len(found), strict=True)
    ]
    return page(
        "forklaring.html.j2",
        f"Forklaring av {identifier}" if found else f"Ingenting har id {identifier}",
        id=one,
        parts=parts,
        near=near,
        arithmetic=arithmetic,
        live=True,
    )


def hits(text: str, deliveries: list[str], one: str | None, found: list[dict[str, Any]], near: list[str]) -> str:
    """What a search has found in a delivery."""
    return page(
        "sok.html.j2", f"Søk etter {text}" if text else "Søk", text=text, deliveries=deliveries, id=one, hits=found,
        near=near, kinds=KINDS, live=True,
    )  # fmt: skip


def checks(
    one: Delivery, files: list[dict[str, Any]], reasons: list[dict[str, Any]], invariants: list[tuple[str, int]]
) -> str:
    """The checks of a delivery: how they went, what always holds, and what became of the rows."""
    for row in files:
        row["name"] = words.FILE.get(row["file"], row["file"])
    for row in reasons:
        row |= {"name": words.FILE.get(row["file"], row["file"]), "why": words.quarantine(row["reason"])}
    return page(
        "kontroller.html.j2", f"Kontroller av {one.id}", one=one, rows=files, reasons=reasons, invariants=invariants,
        live=True,
    )  # fmt: skip


def desk(one: str, rules: Ruleset, form: dict[str, str], problems: dict[str, list[str]]) -> str:
    """The form of the simulation desk as it was sent, with messages beside the fields."""
    return page(
        "skrivebord.html.j2", f"Prøv endringer på {one}", id=one, rules=rules, form=form, problems=problems,
        parameters=changes.editable(rules), rows=range(changes.ROWS), sectors=words.SECTORS, live=True,
    )  # fmt: skip


def grouping(
    there: list[DefinitionSet],
    home: Path,
    form: dict[str, str],
    given: groupings.Given,
    found: dict[str, Any] | None = None,
) -> str:
    """The form in which a case is written, as it was sent, with messages beside the fields; and what it is grouped to.
    `there`: the definition tables of the home."""
    return page(
        "gruppering.html.j2",
        "Prøv en gruppering",
        there=there,
        home=shlex.quote(str(home)),
        form=form,
        problems=given.problems,
        tables=given.tables,
        found=found,
        tabeller=[(one.id, f"{one.id} ({one.year})") for one in there],
        words=grouper_words,
        sexes=groupings.SEXES,
        units=groupings.UNITS,
        live=True,
    )


def trial(one: Trial, rules: Ruleset) -> str:
    """A simulation: how far it is, or what it gives per region and trust."""
    names = {(row["sector"], row[table]): row for table in changes.TABLES for row in rules.tables[table]}
    weights = [
        {"sector": sector, "group": group, "new": points, "old": names.get((sector, group))}
        for sector, group, points in one.change.weights.values()
    ]
    changed = [
        {**row, "new": one.change.parameters[row["rule"], row["parameter"]]}
        for row in changes.editable(rules)
        if (row["rule"], row["parameter"]) in one.change.parameters
    ]
    paid = {name: [row for row in rows if row["maal"] == "full"] for name, rows in one.tables.items()}
    for name in ("endring_rhf", "endring_hf"):
        paid[name] = sorted(paid.get(name, []), key=lambda row: -abs(row["endring"] or 0))
    return page(
        "virkning.html.j2", f"Virkning på {one.delivery}", one=one, weights=weights, changed=changed, paid=paid,
        form=changes.fields(one.change, rules),
        scenario=f"simulations/{one.saved}/simulering.html" if one.saved else "", live=True,
    )  # fmt: skip


def waiting(number: int, of: int, *, failed: bool) -> str:
    """The lists of a delivery are made ready, or cannot be."""
    if failed:
        return message("Listene kan ikke gjøres klare", "Terminalen sier hvorfor. Gjør opp leveransen på nytt.")
    step = f" Trinn {number} av {of} er i gang." if number else ""
    text = f"De lages én gang for hvert oppgjør.{step} Siden åpner seg selv når de er klare."
    return message("Listene blir gjort klare", text)


def message(title: str, text: str) -> str:
    """A page that only says something."""
    return page("melding.html.j2", title, text=text, live=True)


def _heading(facts: dict[str, Any]) -> str:
    kinds = {
        "stay": "Opphold", "episode": "Episode som ikke teller", "service": "Særtjeneste", "pathway": "Tjenesteforløp",
        "prescription": "H-resept", "quarantine": "Rad i karantene", "region": "Fradrag for regionen",
        "patient": "Pasient",
    }  # fmt: skip
    return kinds[facts["kind"]]
