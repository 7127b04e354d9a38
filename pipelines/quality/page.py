"""`kvalitet.html`: a hospital's own data-quality report, for its controllers and coders. Pure: a pack in, text out.

Self-contained, works without script (then without the filter), in light and dark, and on paper.
"""

import base64
import hashlib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from pipelines.publication import chart, norwegian
from pipelines.publication import page as shared
from pipelines.publication import words as labels
from pipelines.quality import catalogue, words
from pipelines.quality.pack import SHOWN_DEPARTMENTS, SHOWN_ROWS, Pack

TEMPLATES = Path(__file__).resolve().parent / "templates"


@cache
def environment() -> jinja2.Environment:
    """The shared environment with the words of the checks."""
    found = shared.environment(TEMPLATES)
    found.filters |= {
        "status": lambda code: words.STATUS[code],
        "merke": lambda code: words.STATUS_MARK[code],
        "niva": lambda code: words.TIER[code],
        "radtype": lambda code: words.ROW_TYPE.get(code, code),
        "svarord": lambda code: words.ANSWER.get(code, ""),
        "av": lambda code: words.DENOMINATOR.get(code, code),
        "prosentandel": lambda share: "–" if share is None else norwegian.percent(share, 1, 2),
        "trekk": measure_name,
        "grunnlag": lambda code: words.BASIS[code],
        "maal": lambda value, kind: norwegian.number(value, 0 if kind == "volume" else 3),
    }
    return found


def measure_name(code: str) -> str:
    """A measure in words; of a count per week the file and the number of weeks."""
    file, _, weeks = code.rpartition("_")
    if weeks.isdigit():
        return f"{words.MEASURE[file]}, {weeks} {'uke' if weeks == '1' else 'uker'}"
    return words.MEASURE.get(code, code)


@cache
def script() -> tuple[str, str]:
    """The page's script and its hash for the content policy: nothing else may run."""
    text = (TEMPLATES / "filter.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return text, f"sha256-{digest}"


def facts_of(info: dict[str, Any]) -> dict[str, Any]:
    """The heading's facts of a delivery."""
    return {
        "name": info["delivery"],
        "title": f"{info['year']}, {labels.tertial(info['tertial'])}",
        "delivery_label": labels.delivery(info["delivery_number"]),
        "period": norwegian.period(info["period_from"], info["period_to"]),
        "ruleset": info["ruleset"],
        "draft": info["ruleset_status"] != "final",
    }


def build(pack: Pack, version: str) -> str:
    """The page of a hospital. The same pack gives the same text."""
    text, digest = script()
    checks = catalogue.by_id()
    return (
        environment()
        .get_template("kvalitet.html.j2")
        .render(
            pack=pack,
            hospital=pack.hospital,
            facts=facts_of(pack.info),
            sentence=sentence(pack),
            change=change(pack),
            development=development(pack),
            money=[f for f in pack.findings if f.result["numerator"] or f.result["confirmed"]],
            quiet=[f for f in pack.findings if not f.result["numerator"] and not f.result["confirmed"]],
            standing_out=[{**row, "check": checks[row["check_id"]]} for row in pack.standing_out],
            macro=[f for f in pack.findings if f.check.is_macro and f.measures],
            departments=pack.departments[:SHOWN_DEPARTMENTS],
            more_departments=max(0, len(pack.departments) - SHOWN_DEPARTMENTS),
            shown_rows=SHOWN_ROWS,
            version=version,
            not_published=words.NOT_PUBLISHED,
            script=text,
            script_hash=digest,
        )
    )


def sentence(pack: Pack) -> str:
    """The headline in words."""
    own = pack.hospital
    if not own["failing_rows"]:
        return "Ingen rader har funn som teller."
    rows = "rad" if own["failing_rows"] == 1 else "rader"
    parts = [f"{norwegian.number(own['failing_rows'])} {rows} har funn."]
    if own["nok_lost"]:
        parts.append(f"Rettet gir de inntil {norwegian.number(own['nok_lost'], 0)} kr mer i refusjon.")
    if own["nok_over"]:
        parts.append(f"{norwegian.number(own['nok_over'], 0)} kr kan være betalt for mye.")
    return " ".join(parts)


def change(pack: Pack) -> str:
    """How the money at stake has moved since the delivery before."""
    before = pack.previous
    if before is None:
        return "Ingen tidligere leveranse å sammenligne med."
    moved = pack.hospital["nok_lost"] + pack.hospital["nok_over"] - before["nok_lost"] - before["nok_over"]
    if moved == 0:
        return f"Uendret fra {before['delivery']}."
    return f"{'Opp' if moved > 0 else 'Ned'} {norwegian.number(abs(moved), 0)} kr fra {before['delivery']}."


def development(pack: Pack) -> list[chart.Bar]:
    """A bar per delivery: kroner to gain and kroner possibly paid too much."""
    return chart.stacked(
        [
            (
                entry["delivery"],
                [("som", _money(entry["nok_lost"])), ("phvtsb", _money(entry["nok_over"]))],
                norwegian.number(entry["nok_lost"] + entry["nok_over"], 0),
            )
            for entry in pack.earlier
        ]
    )


def _money(value: Decimal | None) -> Decimal:
    return value or Decimal(0)
