"""`isf demo`: a small synthetic national delivery, settled, one stay explained, and where to look."""

import contextlib
from pathlib import Path

from pipelines.engine.progress import Progress
from pipelines.engine.workspace import connect
from pipelines.explain.find import find
from pipelines.explain.text import render
from pipelines.generate import generate
from pipelines.rules import load as ruleset
from pipelines.settlement.run import settle
from pipelines.settlement.text import settlement_text

SEED = 1


def demonstrate(home: Path, *, scale: float, progress: Progress) -> str:
    """Generate tertial 1, delivery 2 of the newest final rule set's year, settle and show it."""
    year = int(ruleset.newest_final())
    delivery = generate(
        home / "deliveries",
        year=year,
        tertial=1,
        delivery=2,
        scale=scale,
        seed=SEED,
        format="parquet",
        progress=progress,
    )
    result = settle(delivery, home, progress=progress)
    with contextlib.closing(connect(result.warehouse, read_only=True)) as con:
        (stay_id,) = con.execute(
            """
            -- The stay that the most rules and episodes have met shows best what an explanation is.
            select stay.stay_id
            from stay
            inner join (
                select unit_id, count(*) as rules from ledger where unit_type = 'stay' group by unit_id
            ) as ledger on ledger.unit_id = stay.stay_id
            order by ledger.rules desc, stay.episodes desc, stay.stay_id
            limit 1
            """
        ).fetchone()
        shown = [
            settlement_text(con),
            f"Et opphold forklart (isf explain {stay_id} --home {home})\n\n{render(find(con, stay_id))}",
        ]
    if result.published is None:
        return "\n\n".join([*shown, "Ikke publisert:", *result.blocked])
    return "\n\n".join([*shown, f"Publisert i {result.published}\nÅpne siden: {result.published / 'oppgjor.html'}"])
