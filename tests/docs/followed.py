"""What each recipe promises, for one who has followed it; run by `follow` on a copy of the project."""

import contextlib
from pathlib import Path

from pipelines.delivery.contract import TABLES
from pipelines.engine.models import SQL_FOLDER, columns_of
from pipelines.engine.workspace import connect, rows
from pipelines.publication import tables
from pipelines.quality import catalogue
from pipelines.rules import load as rulesets
from pipelines.settlement import run
from tests import deliveries
from tests.unit import plain_loader, quality_delivery

YEAR, TRUST, COLUMN, TABLE, CHECK = "2028-draft", "999999901", "triage", "oppgjor_land", "care_level_unknown"


def _loaded(folder: Path, con, ruleset: str | None = None, **episode: str) -> None:
    """A delivery of one episode, in the year of the rule set."""
    year = rulesets.read(ruleset).activity_year if ruleset else rulesets.read(rulesets.newest_final()).activity_year
    times = {"innDatoTid": f"{year}-01-02T10:00", "utDatoTid": f"{year}-01-02T10:30"}
    only = deliveries.EPISODE | times | episode
    name = f"{year}-T1-1"
    manifest = deliveries.manifest_of(name)
    run.load(deliveries.write(folder, episode=[only], name=name, manifest=manifest), con, ruleset=ruleset)


def test_a_year(tmp_path):
    with contextlib.closing(connect()) as con:
        _loaded(tmp_path, con, YEAR)
        assert rows(con, "select unit_price_nok::int as price from ref.unit_price where sector = 'SOM'") == [
            {"price": 56000}
        ]


def test_a_trust():
    (trust,) = (row for row in rulesets.read("2026-draft").tables["trust"] if row["hf_orgnr"] == TRUST)
    assert trust["hf_name"] == "Fjordsykehuset HF"


def test_an_input_column(tmp_path):
    (episode,) = (table for table in TABLES if table.name == "episode")
    assert list(plain_loader.EPISODE) == [column.name for column in episode.columns]
    made = columns_of((SQL_FOLDER / "synthetic" / "episode.sql").read_text(encoding="utf-8"))
    assert COLUMN in made
    with contextlib.closing(connect()) as con:
        _loaded(tmp_path, con, **{COLUMN: "3"})
        assert rows(con, f"select {COLUMN} from landing.episode") == [{COLUMN: 3}]


def test_a_published_table():
    assert tables.table(TABLE).columns == ("sektor", "isf_poeng", "refusjon_kr")


def test_a_quality_check():
    assert CHECK in catalogue.check_models() and CHECK in catalogue.by_id()
    assert quality_delivery.EXPECTED[CHECK] == {"A-level-77"}
    levels = {row["episodeID"]: row["omsorgsniva"] for row in quality_delivery.rows_of().tables["episode"]}
    assert levels["A-level-77"] == "77"
