"""`isf demo`: a small synthetic national delivery, settled, one stay explained, and where to look."""

import contextlib
import json
import shlex
from pathlib import Path

from pipelines.engine import home as homes
from pipelines.engine import swap
from pipelines.engine.progress import Progress
from pipelines.engine.workspace import connect, only_row
from pipelines.errors import InTheWay
from pipelines.explain.find import find
from pipelines.explain.text import render
from pipelines.generate import generate
from pipelines.publication import folder as folders
from pipelines.publication import manifest
from pipelines.rules import load as rulesets
from pipelines.settlement.run import settle
from pipelines.settlement.text import settlement_text

SEED = 1
TERTIAL, NUMBER = 1, 2
_RECORD = ".demo.json"  # in `deliveries/`: the hash of the episodes of each delivery that a demo made in this home
_WORKSHOP = ".demo"


def demonstrate(home: Path, *, scale: float, ruleset: str | None = None, progress: Progress) -> str:
    """Generate tertial 1, delivery 2 of the year of `ruleset` (the newest final one), settle and show it.

    Raises InTheWay where the home has a delivery or a settlement of that name that no demo made.
    """
    chosen = ruleset or rulesets.newest_final()
    quoted = shlex.quote(str(home))
    delivery = _own_delivery(home, scale, chosen, progress)
    result = settle(delivery, home, ruleset=chosen, progress=progress)
    with contextlib.closing(connect(result.warehouse, read_only=True)) as con:
        (stay_id,) = only_row(
            con,
            """
            -- The stay that the most rules and episodes have met shows best what an explanation is.
            select stay.stay_id
            from stay
            inner join (
                select unit_id, count(*) as rules from ledger where unit_type = 'stay' group by unit_id
            ) as ledger on ledger.unit_id = stay.stay_id
            order by ledger.rules desc, stay.episodes desc, stay.stay_id
            limit 1
            """,
        )
        shown = [
            settlement_text(con),
            f"Et opphold forklart (isf explain {stay_id} --home {quoted})\n\n{render(find(con, stay_id))}",
        ]
    if result.published is None:
        return "\n\n".join([*shown, "Ikke publisert:", *result.blocked])
    ways = [
        f"Publisert i {result.published}",
        f"Åpne siden: {result.published / 'oppgjor.html'}",
        f"Forsiden som fil: {home / 'index.html'}",
        f"Alt i nettleseren: isf serve --home {quoted}",
        f"Prøv så: isf quality {delivery.name} --home {quoted}",
    ]
    return "\n\n".join([*shown, "\n".join(ways)])


def _own_delivery(home: Path, scale: float, ruleset: str, progress: Progress) -> Path:
    """The demo's delivery in the home, made anew. It is made apart and recorded before it takes its name, so that a
    later demo knows it for its own, whenever this one is killed."""
    year = rulesets.read(ruleset).activity_year
    parent = homes.make(home / "deliveries")
    delivery = parent / f"{year}-T{TERTIAL}-{NUMBER}"
    made = _made(parent)
    _refuse_to_touch(home, delivery, made)
    finished = generate(
        parent / _WORKSHOP,
        year=year,
        tertial=TERTIAL,
        delivery=NUMBER,
        scale=scale,
        seed=SEED,
        ruleset=ruleset,
        replace=True,
        progress=progress,
    )
    record = parent / f"{_RECORD}.new"
    record.write_text(json.dumps(sorted(made | {_episodes(finished)})), encoding="utf-8")
    record.replace(parent / _RECORD)
    swap.swap(finished, delivery, parent / _WORKSHOP / ".old")
    swap.remove(parent / _WORKSHOP)
    return delivery


def _made(parent: Path) -> set[str]:
    """The hashes of the episodes of the deliveries that a demo made."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return set(json.loads((parent / _RECORD).read_text(encoding="utf-8")))
    return set()


def _episodes(delivery: Path) -> str | None:
    """The hash of a delivery's episodes; None where a file of it is not as `leveranse.json` says."""
    try:
        listed = json.loads((delivery / "leveranse.json").read_text(encoding="utf-8"))["files"]
        hashes = {path.stem: manifest.sha256_of(path) for path in delivery.iterdir() if path.name != "leveranse.json"}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    intact = hashes == {name: claim["sha256"] for name, claim in listed.items()}
    return hashes["episode"] if intact else None


def _refuse_to_touch(home: Path, delivery: Path, made: set[str]) -> None:
    """A delivery, a warehouse or a settlement of the name that no demo made is somebody's."""
    theirs = []
    if delivery.exists() and _episodes(delivery) not in made:
        theirs.append(delivery)
    published = home / "published"
    revisions = folders.revisions(published, delivery.name).values() if published.is_dir() else []
    for path in revisions:
        _, content = manifest.compare(path)
        inputs = {entry["file"]: entry["sha256"] for entry in (content or {}).get("inputs", [])}
        if inputs.get("episode") not in made:
            theirs.append(path)
    if not revisions:
        computed = (homes.warehouse(home, delivery.name), homes.unpublished(home, delivery.name))
        theirs += [path for path in computed if path.exists()]
    if theirs:
        raise InTheWay(
            f"{', '.join(map(str, theirs))}: not of the demo's making, and left as it is. Remedy: give the demo a home"
            " of its own, isf demo --home demo-data"
        )
