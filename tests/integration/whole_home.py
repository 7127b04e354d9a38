"""A home with everything in it, small: two deliveries of a whole year, quality reports, every other kind of result, and
definition tables. Made once in a run; as the command line leaves it, front pages and all."""

import os
from pathlib import Path

from pipelines.avregning.run import avregning
from pipelines.compare.run import compare
from pipelines.export.run import export
from pipelines.generate import generate
from pipelines.grouper import sets
from pipelines.prognosis.run import prognosis
from pipelines.quality.command import run_quality
from pipelines.rbf.run import allocate
from pipelines.reconcile.run import reconcile
from pipelines.regroup.run import regroup
from pipelines.serve import index
from pipelines.settlement.run import settle
from pipelines.simulate import command
from tests.shared import copy_of
from tests.unit.generated import YEAR, altered, of_trusts
from tests.unit.grouper_example import EXAMPLE

FIRST, FINAL = f"{YEAR}-T3-1", f"{YEAR}-T3-2"
# Of the first delivery a few trusts of all regions: each has a pack of its own.
TRUSTS = ("993467049", "983974724", "883974832", "983974899", "983974880", "985962170")
REGIONS = ("991324968", "983658725", "983658776", "883658752")
DECISIONS = """
[price.SOM]
unit_price_nok = 54000
reason = "Registreringsendringer ut over budsjettets forutsetning."
"""


def whole_home(folder: Path) -> Path:
    """A copy of one's own of the home."""
    return copy_of("whole home", _make, folder) / "home"


def _make(folder: Path) -> None:
    before = os.umask(0o077)  # as the command line has it
    try:
        _fill(folder)
    finally:
        os.umask(before)


def _fill(folder: Path) -> None:
    home = folder / "home"
    final = generate(folder, year=YEAR, tertial=3, delivery=2, scale=0.0003, seed=5, threads=1, with_npk=True)
    for delivery in (altered(final, folder / FIRST, of_trusts(TRUSTS)), final):
        settle(delivery, home, threads=1, accept_quarantine=True)
    run_quality(FIRST, home, threads=1)
    compare(home, FIRST, FINAL, threads=1)
    reconcile(home, FINAL, threads=1)
    prognosis(home, FIRST, threads=1)
    (folder / "avregning.toml").write_text(DECISIONS, encoding="utf-8")
    avregning(home, YEAR, folder / "avregning.toml", threads=1)
    lines = [f"{number};80;100" for number in REGIONS]
    (folder / "nki.csv").write_text("\n".join(["rhf_orgnr;teller;nevner", *lines]), encoding="utf-8")
    allocate(home, [FINAL], folder / "nki.csv", threads=1)
    sets.import_set(EXAMPLE, home, year=YEAR, id="example")
    regroup(home, FINAL, "example", threads=1)
    command.simulate(home, FINAL, None, [f"{YEAR + 1}-draft"], threads=1)
    for to in ("parquet", "stata"):
        export(home, FINAL, to)
    index.write(home)
