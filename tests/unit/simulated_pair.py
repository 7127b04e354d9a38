"""A comparison made from given points per unit: the tables by the project's SQL, without a settlement behind them."""

from decimal import Decimal
from types import SimpleNamespace

from pipelines.engine import workspace
from pipelines.engine.models import run
from pipelines.publication.tables import Rows
from pipelines.rules import load as rulesets
from pipelines.simulate.compare import STAGE, Comparison, read_tables

CELL = "sector varchar, unit_type varchar, hf_orgnr varchar, residence_rhf_orgnr varchar, residence_county varchar,"
KEYS = "sector varchar, unit_type varchar, group_code varchar"
GROUP = f"{KEYS}, hdg integer, name varchar, base_points decimal(18, 3)"
UNIT = "patient_id varchar, sector varchar, hf_orgnr varchar, residence_rhf_orgnr varchar, base_points decimal(18, 3)"
EMPTY = {
    "settled_unit_cell": f"{CELL} group_code varchar, rule varchar, kind varchar, units bigint, points decimal(18, 3)",
    "settled_group": GROUP,
    "baseline_group": GROUP,
    "alternative_group": GROUP,
    **{
        f"{side}_cell": f"{CELL} group_code varchar, state varchar, rule varchar, kind varchar, part varchar,"
        " units bigint, points decimal(18, 3)"
        for side in ("baseline", "alternative")
    },
    **{
        f"{side}_{name}": columns
        for side in ("baseline", "alternative")
        for name, columns in {
            "stay": f"stay_nr bigint, {UNIT}, drg varchar, is_phv_inpatient boolean",
            "stay_episode": "episode_nr bigint, stay_nr bigint",
            "service": f"service_id varchar, {UNIT}, stg varchar, status varchar",
            "pathway": f"pathway_id varchar, {UNIT}, tfg varchar",
        }.items()
    },
    "asked_price": "sector varchar, unit_price_nok decimal(18, 2)",
    "activity_growth": "sector varchar, group_code varchar, percent decimal(7, 2)",
}

# The region of all trusts, or the trust of all regions.
OTHER = ("999999999", "Den andre", "HF", None, None)


def comparison(rows: list[tuple[str, str, Decimal, Decimal]], *, by: str = "hf", calibrate: str = "none") -> Comparison:
    """A comparison of weights alone. `rows`: (sector, unit, points before, points after); `by`: `hf`, each unit a
    trust, or `rhf`, each a region of residence. A unit's number is its place."""
    con = workspace.connect()
    con.execute("attach ':memory:' as pair")
    rules = rulesets.read("2025")
    with workspace.inside(con, "pair"):
        rulesets.fill(rules, con)
        for table, columns in EMPTY.items():
            workspace.fill(con, table, columns, [])
        for side in ("baseline", "alternative"):
            con.execute(f"create view {side}_price as select * from ref.unit_price")
        workspace.fill(con, "calibration", "mode varchar", [(calibrate,)])
        numbers = {unit: f"{n:09}" for n, unit in enumerate(dict.fromkeys(row[1] for row in rows), 1)}
        provider = "hf_orgnr varchar, hf_name varchar, hf_type varchar, rhf_orgnr varchar, rhf_name varchar"
        names = [(number, unit, "HF", None, None) for unit, number in numbers.items()]
        workspace.fill(con, "provider", provider, [*names, OTHER])
        columns = f"{CELL} group_code varchar, hdg integer, units bigint, points_before decimal(18, 3),"
        cells = []
        for sector, unit, before, after in rows:
            own, other = numbers[unit], OTHER[0]
            hf, rhf = (own, other) if by == "hf" else (other, own)
            cells.append((sector, "stay", hf, rhf, None, "1A", 1, 100, before, after))
        workspace.fill(con, "given_cell", f"{columns} points_after decimal(18, 3)", cells)
    run(STAGE, con, into="pair", reading={"base_cell": "pair.main.given_cell"})
    result = Comparison(rules, rules, "pair", calibrate, True)
    read_tables(con, result)
    return result


def scenario(*comparisons: Comparison) -> SimpleNamespace:
    """What the page and the workbook read of a scenario."""
    facts = {
        "rulesets": [{"id": "2025", "status": "final", "sha256": "0" * 64}] * (1 + len(comparisons)),
        "inputs": [],
        "program": {"version": "0"},
        "options": {"bootstrap": 0, "seed": None},
    }
    first = comparisons[0]
    tables = {
        name: Rows(
            ["alternativ", *table.columns], ["VARCHAR", *table.types], [False, *table.numeric],
            [(first.alternative.id, *row) for row in table.rows],
        )
        for name, table in first.tables.items()
    }  # fmt: skip
    return SimpleNamespace(
        id="test", comparisons=list(comparisons), facts=facts, tables=tables, intervals=None,
        activity=SimpleNamespace(delivery="2025-T3-2", con=workspace.connect()), command="isf simulate",
    )  # fmt: skip
