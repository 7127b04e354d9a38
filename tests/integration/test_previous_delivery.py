"""Mot forrige leveranse: siden og arbeidsboka viser endringen mellom to publiserte leveranser, og bare den."""

import json
from decimal import Decimal

import openpyxl
import pytest

from pipelines.settlement import previous
from pipelines.settlement.publish import publish
from tests.unit.publishing import run, warehouse

FIRST, FINAL = "2025-T1-1", "2025-T1-2"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Hjemmet, og mappen til den ene leveransen som er publisert."""
    home = tmp_path_factory.mktemp("forrige")
    publish(warehouse(), home, run=run(delivery=FINAL))
    first = home / "published" / FINAL
    return home, first


def test_uten_en_tidligere_leveranse_er_det_ingenting_a_vise(home):
    _, folder = home
    assert "Mot forrige leveranse" not in (folder / "oppgjor.html").read_text(encoding="utf-8")
    assert previous.find(folder.parent, FINAL) is None
    # En senere er ikke en tidligere, og et annet år er ikke det samme.
    assert previous.find(folder.parent, FIRST) is None
    assert previous.find(folder.parent, "2026-T1-2") is None
    assert previous.find(folder.parent, "2025-T2-1") == folder


def test_endringen_er_det_publiserte_minus_det_publiserte_og_leveransen_er_en_inndata(home):
    home, before = home
    con = warehouse()
    con.execute("create or replace table oppgjor_hf as select * replace (isf_poeng + 1.5 as isf_poeng) from oppgjor_hf")
    change = previous.read_changes(con, before)
    points = {(row["nivaa"], row["endring_poeng"]) for row in change.changes.dicts()}
    assert points == {("rhf", Decimal(0)), ("hf", Decimal("1.500"))}
    assert change.delivery == FINAL


def test_siden_og_arbeidsboka_har_den_og_manifestet_navngir_den(home):
    home, _ = home
    after = publish(warehouse(), home, run=run(delivery="2025-T2-1")).path
    page = (after / "oppgjor.html").read_text(encoding="utf-8")
    assert f"Endringen fra {FINAL}" in page and 'href="#forrige"' in page
    assert f"Endring fra {FINAL}" in openpyxl.load_workbook(after / "oppgjor.xlsx", read_only=True).sheetnames
    inputs = {entry["file"] for entry in json.loads((after / "manifest.json").read_bytes())["inputs"]}
    assert FINAL in inputs
    assert publish(warehouse(), home, run=run(delivery="2025-T2-1")).unchanged
