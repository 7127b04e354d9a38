"""What the generator draws on: the year's rule set (schema `ref`) and the mixes of `reference_data/synthetic/` (schema `syn`).

What belongs here: reading and typing. What the numbers mean is said in `docs/synthetic-data.md`.
"""

from pathlib import Path

import duckdb

from pipelines import ruleset as rulesets

SYNTHETIC = Path(__file__).resolve().parents[2] / "reference_data" / "synthetic"

_NUMBERS = {
    "ages": {"band": "INTEGER", "weight": "DOUBLE"},
    "companions": {"mean": "DOUBLE", "from_day": "INTEGER", "to_day": "INTEGER"},
    "courses": {
        "variant": "INTEGER",
        "share": "DOUBLE",
        "length": "INTEGER",
        "per_week": "INTEGER",
        "weekday_step": "INTEGER",
        "weekday_width": "INTEGER",
        "interval_days": "INTEGER",
        "season": "INTEGER",
        "periods": "INTEGER",
    },
    "departments": {"wards": "INTEGER"},
    "drg_mix": {
        "volume": "DOUBLE",
        "level": "INTEGER",
        "urgent": "DOUBLE",
        "short": "DOUBLE",
        "kontakttype": "INTEGER",
        "at_least": "INTEGER",
    },
    "error_kinds": {"rate": "DOUBLE", "from_tertial": "INTEGER"},
    "exclusions": {"share": "DOUBLE"},
    "factors": {"factor": "DOUBLE"},
    "features": {"share": "DOUBLE", "at_least": "INTEGER", "min_days": "INTEGER"},
    "flows": {"weight": "DOUBLE"},
    "hours": {"hour": "INTEGER", "weight": "DOUBLE"},
    "institutions": {"share_som": "DOUBLE", "share_phv": "DOUBLE"},
    "medicines": {"belop": "DOUBLE"},
    "municipalities": {"bydel": "INTEGER", "population": "INTEGER"},
    "personnel": {"category": "INTEGER", "weight": "DOUBLE"},
    "population_ages": {
        "band": "INTEGER",
        "age_from": "INTEGER",
        "age_to": "INTEGER",
        "share": "DOUBLE",
        "male_share": "DOUBLE",
    },
    "providers": {"share_som": "DOUBLE", "share_phv": "DOUBLE"},
    "rates": {"value": "DOUBLE"},
    "season": {"season": "INTEGER", "position": "INTEGER", "weight": "DOUBLE"},
    "stg_mix": {
        "volume": "DOUBLE",
        "kontakttype": "INTEGER",
        "place": "INTEGER",
        "indirect": "INTEGER",
        "lines": "DOUBLE",
    },
    "targets": {"points": "DOUBLE"},
    "tariffs": {"weight": "DOUBLE"},
}


def load(con: duckdb.DuckDBPyConnection, ruleset: str) -> None:
    """Fill schemas `ref` and `syn` of `con`."""
    rulesets.load(ruleset, con)
    con.execute("create schema if not exists syn")
    for path in sorted(SYNTHETIC.glob("*.csv")):
        columns = path.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
        kinds = _NUMBERS.get(path.stem, {})
        types = "{" + ", ".join(f"'{c}': '{kinds.get(c, 'VARCHAR')}'" for c in columns) + "}"
        con.execute(
            f"create table syn.{path.stem} as select * from read_csv(?, header = true, delim = ',', "
            f"quote = '\"', columns = {types}, nullstr = '')",
            [str(path)],
        )


def rates(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """The named rates of rates.csv."""
    return dict(con.execute("select rate, value from syn.rates").fetchall())


def rows(con: duckdb.DuckDBPyConnection, sql: str, parameters: list | None = None) -> list[dict]:
    """The result of a query as dicts."""
    found = con.execute(sql, parameters or [])
    names = [d[0] for d in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
