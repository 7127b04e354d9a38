"""The other parts of the page as plain data: points by rule, the funnel, how to reproduce the settlement."""

from collections.abc import Iterable
from decimal import Decimal

from pipelines.publication import chart, norwegian, words
from pipelines.publication.tables import PUBLIC
from pipelines.publication.words import SECTORS, Word
from pipelines.settlement.context import Context
from pipelines.settlement.totals import ZERO

BASE = {"opphold": "Opphold (DRG)", "sertjeneste": "Særtjenester (STG)", "forlop": "Tjenesteforløp (TFG)"}
MOVED = {"taken_over": "Overført til tjenesteforløp", "block_grant": "Innlagte i PHV/TSB, rammefinansiert"}
REGIONAL_TITLE = "Trekk per RHF for kompleks rehabilitering over terskelen"
HIDDEN = "Skjult av personvernhensyn"


def rules(context: Context) -> list[dict]:
    """Per sector: the ledger's sums by rule in three groups, the sum, and two charts. Hidden numbers are None, and so
    are sums over them; the sector's own sum is that of the settlement."""
    settled = context.tables["oppgjor_rhf"].dicts()
    parts = []
    for sector in [s for s in SECTORS if any(r["sektor"] == s for r in context.rules)]:
        mine = [{**r, "title": REGIONAL_TITLE if r["virkning"] == "regional" else r["title"]}
                for r in context.rules if r["sektor"] == sector]  # fmt: skip
        base = [r for r in mine if r["virkning"] == "base"]
        moved = [r for r in mine if r["virkning"] in MOVED]
        other = [r for r in mine if r["virkning"] != "base" and r["virkning"] not in MOVED]
        groups = [("Basispoeng", base), ("Flyttet eller nullstilt", moved), ("Tillegg og fradrag", other)]
        bars, zero = chart.diverging([
            (f"§{r['paragraph']} {r['title']}", r["poeng"], norwegian.points(r["poeng"], sign=True), "")
            for r in other if r["poeng"]
        ])  # fmt: skip
        points = sum((r["isf_poeng"] for r in settled if r["sektor"] == sector), ZERO)
        parts.append({
            "sector": sector,
            "groups": [
                {"name": name, "rows": rows, "points": _sum(r["poeng"] for r in rows)} for name, rows in groups if rows
            ],
            "points": points,
            "waterfall": _rule_waterfall(mine, points),
            "bars": bars,
            "zero": zero,
        })  # fmt: skip
    return parts


def _sum(numbers: Iterable) -> Decimal | int | None:
    """The sum; None where one of the numbers is hidden."""
    found = list(numbers)
    return None if any(number is None for number in found) else sum(found, 0)


def _points(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0))


def _rule_waterfall(rows: list[dict], points: Decimal) -> list[chart.Bar]:
    """From base points to ISF points; what hidden rules give together is the rest."""
    shown = [r for r in rows if r["poeng"] is not None]
    base = [r for r in shown if r["virkning"] == "base"]
    others = [r for r in shown if r["virkning"] != "base" and r["virkning"] not in MOVED]
    changes = [(label, _points(r["poeng"] for r in base if r["enhet_type"] == unit)) for unit, label in BASE.items()]
    changes += [(label, _points(r["poeng"] for r in shown if r["virkning"] == kind)) for kind, label in MOVED.items()]
    changes.append(("Tillegg", _points(r["poeng"] for r in others if r["poeng"] > 0)))
    changes.append(("Fradrag", _points(r["poeng"] for r in others if r["poeng"] < 0)))
    changes.append((HIDDEN, points - _points(r["poeng"] for r in shown)))
    level = Decimal(0)
    steps = []
    for label, change in changes:
        level += change
        if change:
            steps.append((label, change, level, norwegian.points(change, sign=True), ""))
    return chart.waterfall([*steps, ("ISF-poeng", None, level, norwegian.points(level), "")])


def basis(context: Context) -> dict:
    """The funnel: files, episodes, prescriptions, stays, services, pathways, balances; counts as in `grunnlag`. Hidden
    ones are None, and so are sums over them."""
    rows = context.tables["grunnlag"].dicts()
    steps: dict[str, dict[tuple[str, str], int | None]] = {}
    for row in rows:
        steps.setdefault(row["steg"], {})[(row["arsak"], row["sektor"])] = row["antall"]
    files = _files(steps)
    episodes = _by_sector(steps.get("episode", {}), words.REASON)
    return {
        "files": files,
        "quarantined": _sum(f["quarantined"] for f in files),
        "episodes": episodes,
        "waterfall": _funnel(files, episodes),
        "prescriptions": _by_sector(steps.get("resept", {}), words.REASON),
        "stays": _by_sector(steps.get("opphold", {}), words.STAY),
        "services": _by_sector(steps.get("sertjeneste", {}), words.SERVICE),
        "pathways": _by_sector(_without_members(steps.get("forlop", {})), context.pathway_names),
        "members": [
            (words.MEMBER.get(code, code), n)
            for (code, _), n in sorted(steps.get("forlop", {}).items(), key=lambda item: item[0])
            if code.startswith("member:")
        ],
        "balances": [(code, n) for (code, _), n in sorted(steps.get("balanse", {}).items())],
    }  # fmt: skip


def _without_members(step: dict) -> dict:
    return {place: n for place, n in step.items() if not place[0].startswith("member:")}


def _files(steps: dict) -> list[dict]:
    files = []
    for step, counts in steps.items():
        if not step.startswith("fil:"):
            continue
        name = step.removeprefix("fil:")
        by_reason = {
            words.quarantine(code.removeprefix("karantene: ")): n
            for (code, _), n in counts.items()
            if "karantene" in code
        }
        quarantined = _sum(by_reason.values())
        files.append({
            "file": name,
            "label": words.FILE.get(name, name),
            "rows_in": _sum(n for (code, _), n in counts.items() if code == "rader inn"),
            "loaded": _sum(n for (code, _), n in counts.items() if code == "lastet"),
            "quarantined": quarantined,
            "reasons": sorted(by_reason.items(), key=lambda item: (-(item[1] or 0), item[0])),
        })  # fmt: skip
    order = list(words.FILE)
    return sorted(files, key=lambda f: (order.index(f["file"]) if f["file"] in order else len(order), f["file"]))


def _by_sector(step: dict[tuple[str, str], int | None], known: dict[str, Word]) -> dict:
    """Counts of one step as a table: a row per code in the order of `known` (others after it), a column per sector."""
    sectors = [s for s in SECTORS if any(sector == s for _, sector in step)]
    order = list(known)
    codes = sorted({code for code, _ in step}, key=lambda c: (order.index(c) if c in order else len(order), c))
    table = {code: [step.get((code, s), 0) for s in sectors] for code in codes}
    rows = []
    for code, counts in table.items():
        word = known.get(code)
        label, paragraph = (word.title, word.paragraph) if word else (code, "")
        rows.append({"code": code, "label": label, "paragraph": paragraph, "counts": counts, "sum": _sum(counts)})
    sums = [_sum(counts[i] for counts in table.values()) for i in range(len(sectors))]
    return {
        "sectors": sectors,
        "rows": rows,
        "sums": sums,
        "sum": _sum(sums),
        "has_paragraphs": any(row["paragraph"] for row in rows),
    }


def _funnel(files: list[dict], episodes: dict) -> list[chart.Bar]:
    """From the rows of the episode file to the included episodes; what is hidden is one step together."""
    source = next((f for f in files if f["file"] == "episode"), None)
    whole = source["rows_in"] if source else episodes["sum"]
    included = next((r["sum"] for r in episodes["rows"] if r["code"] == "included"), 0)
    if whole is None or included is None:
        return []
    level = Decimal(whole)
    steps: list = [("Rader i episodefilen", None, level, norwegian.number(level), "")]
    losses = [("I karantene", source["quarantined"])] if source else []
    losses += [(r["label"], r["sum"]) for r in episodes["rows"] if r["code"] != "included"]
    losses.append((HIDDEN, whole - included - sum(count or 0 for _, count in losses)))
    for label, count in losses:
        if count:
            level -= count
            steps.append((label, Decimal(-count), level, norwegian.number(-count), norwegian.percent(count, whole)))
    last = (norwegian.number(level), norwegian.percent(level, whole))
    return chart.waterfall([*steps, ("Inngår i beregningsgrunnlaget", None, level, *last)])


def reproduction(context: Context) -> dict:
    """The command, the versions and hashes, and the files of the folder."""
    made_from, options = context.made_from, context.made_from["options"]
    command = f"isf settle {made_from['delivery']}"
    if options.get("drg_source", "main_episode") != "main_episode":
        command += f" --drg-source {options['drg_source']}"
    if options.get("group_episodes"):
        command += " --group-episodes"
    if options.get("accept_quarantine"):
        command += " --accept-quarantine"
    files = [
        {
            "name": f"{spec.name}.parquet",
            "csv": f"{spec.name}.csv",
            "title": spec.title,
            "rows": context.rows[spec.name],
        }
        for spec in PUBLIC
    ]
    return {
        "command": command,
        "program": [(words.PROGRAM.get(name, name), str(value)) for name, value in made_from["program"].items()],
        "options": [(words.OPTION.get(name, name), _option(name, value)) for name, value in sorted(options.items())],
        "ruleset": made_from["ruleset"],
        "inputs": made_from["inputs"],
        "files": files,
    }


def _option(name: str, value: object) -> str:
    if name == "drg_source":
        return words.DRG_SOURCE.get(str(value), str(value))
    if isinstance(value, bool):
        return "ja" if value else "nei"
    return "–" if value is None else str(value)
