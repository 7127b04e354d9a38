"""`kvalitet.html`: a hospital's own data-quality report, for its controllers and coders. Pure: a pack in, text out.

Self-contained, works without script (then without the filter), in light and dark, and on paper.
"""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from pipelines.publication import chart, norwegian
from pipelines.publication import page as shared
from pipelines.publication import words as labels
from pipelines.quality import catalogue, words
from pipelines.quality.pack import SHOWN_DEPARTMENTS, SHOWN_ROWS, Finding, Pack

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
        "historikk": lambda code: words.HISTORY.get(code, "–"),
        "svarord": lambda code: words.ANSWER.get(code, ""),
        "av": lambda code: words.DENOMINATOR.get(code, code),
        "prosentandel": lambda share: "–" if share is None else norwegian.percent(share, 1, 2),
        "promille": lambda share: "–" if share is None else norwegian.number(share, 2),
        "trekk": words.measure,
        "grunnlag": lambda code: words.BASIS[code],
        "maal": lambda value, kind: norwegian.number(value, 0 if kind == "volume" else 3),
    }
    return found


def script() -> tuple[str, str]:
    """The filter of the page and its hash for the content policy."""
    return shared.script(TEMPLATES / "filter.js")


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
            money=[f for f in pack.findings if shown(f)],
            quiet=[f for f in pack.findings if not shown(f)],
            standing_out=[{**row, "check": checks[row["check_id"]]} for row in pack.standing_out],
            fixed=fixed(pack),
            per_month=per_month,
            per_mille=per_mille,
            other_rules=[e for e in pack.earlier if e["ruleset"] != pack.info["ruleset"]],
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


def shown(finding: Finding) -> bool:
    """Whether a check stands in the list: it has rows, or had them in the last delivery."""
    return any(finding.result[name] for name in ("numerator", "confirmed", "fixed_rows"))


def fixed(pack: Pack) -> list[dict[str, Any]]:
    """Per check with its ids: what was a finding in the last delivery and is none now."""
    checks = catalogue.by_id()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in pack.fixed:
        found.setdefault(row["check_id"], []).append(row)
    return [
        {
            "check": checks[name],
            "rows": rows[:SHOWN_ROWS],
            "count": len(rows),
            # Under another rule set the points of then have no kroner.
            "nok": None if any(r["nok_at_stake"] is None for r in rows) else sum(abs(r["nok_at_stake"]) for r in rows),
        }
        for name, rows in found.items()
    ]


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
    """How what is at stake has moved since the delivery before, per mille of the hospital's own refund: a delivery of
    more months is not dearer for that."""
    before, now = pack.previous, pack.earlier[-1] if pack.earlier else None
    if before is None or now is None:
        return "Ingen tidligere leveranse å sammenligne med."
    if before["ruleset"] != now["ruleset"]:
        return (
            f"{before['delivery']} er regnet med regelsettet {before['ruleset']}, denne med {now['ruleset']}:"
            " beløpene lar seg ikke sammenligne."
        )
    old, new = per_mille(before), per_mille(now)
    if old is None or new is None:
        return "Ingen refusjon å sammenligne med."
    return (
        f"På spill er {norwegian.number(new, 2)} promille av refusjonen, mot {norwegian.number(old, 2)} i"
        f" {before['delivery']}."
    )


def per_mille(entry: dict[str, Any]) -> Decimal | None:
    """What is at stake per mille of the refund."""
    return 1000 * (entry["nok_lost"] + entry["nok_over"]) / entry["refund_nok"] if entry["refund_nok"] else None


def per_month(entry: dict[str, Any], name: str) -> Decimal:
    """Kroner at stake per month of the delivery."""
    return (entry[name] or Decimal(0)) / entry["months"]


def development(pack: Pack) -> list[chart.Bar]:
    """A bar per delivery: kroner per month to gain and possibly paid too much."""
    return chart.stacked(
        [
            (
                entry["delivery"],
                [("som", per_month(entry, "nok_lost")), ("phvtsb", per_month(entry, "nok_over"))],
                norwegian.number(per_month(entry, "nok_lost") + per_month(entry, "nok_over"), 0),
            )
            for entry in pack.earlier
        ]
    )
