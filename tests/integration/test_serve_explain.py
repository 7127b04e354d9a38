"""The page of every kind of id that `isf explain` knows is shown, as it is served and with everything beside it."""

import re
from urllib.parse import quote

import pytest

from pipelines.engine import home as homes
from pipelines.engine.workspace import connect
from pipelines.explain.patient import explained
from pipelines.serve import pages
from pipelines.settlement.run import settle
from tests.explained import KINDS, delivered
from tests.integration.test_serve import serving

BEFORE, DELIVERY = "2025-T3-1", "2025-T3-2"
FINDING = {"title": "Kontroll", "severity": "varsel", "row_key": "L1", "value": None, "points_at_stake": None}
KNOWN = "<h3>Alt som er kjent</h3>"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("explained") / "home"
    settle(delivered(tmp_path_factory.mktemp("deliveries"), DELIVERY), home, threads=1, accept_quarantine=True)
    return home


@pytest.fixture(scope="module")
def client(home):
    with serving(home) as client:
        yield client


@pytest.fixture(scope="module")
def told(home):
    """What is told of an id of every kind."""
    with connect(homes.warehouse(home, DELIVERY), read_only=True) as con:
        return [facts for identifier in KINDS for facts in explained(con, identifier)[0]]


@pytest.mark.parametrize("identifier", KINDS)
def test_every_kind_of_id_has_a_page(client, identifier):
    answer = client.get(f"/leveranse/{DELIVERY}/forklar?id={quote(identifier, safe='')}")
    assert answer.status == 200
    assert answer.text.count(KNOWN) == len(KINDS[identifier])


def test_the_checks_lead_to_the_first_rows_that_were_set_aside(client):
    page = client.get(f"/leveranse/{DELIVERY}/kontroller").text
    links = re.findall(r'href="([^"]*/forklar[?]id=[^"]*)"', page)
    assert f"/leveranse/{DELIVERY}/forklar?id=akonto%3A2" in links
    for link in links:
        assert KNOWN in client.get(link).text, link


@pytest.mark.parametrize(
    "beside",
    [
        {"findings": [FINDING], "before": BEFORE, "earlier": None, "unread": ""},
        {"findings": [], "before": BEFORE, "earlier": None, "unread": "Listene er ikke klare ennå."},
        {"findings": None, "before": None, "earlier": None, "unread": ""},
    ],
)
def test_a_page_of_every_kind_takes_whatever_is_known_beside_it(told, beside):
    text = pages.explanation(DELIVERY, "id", told, [], [beside] * len(told))
    assert text.count(KNOWN) == len(told)


def test_a_page_of_every_unit_says_what_it_was_before(told):
    units = [facts for facts in told if "ledger" in facts]
    same = [{"findings": None, "before": BEFORE, "earlier": facts, "unread": ""} for facts in units]
    text = pages.explanation(DELIVERY, "id", units, [], same)
    assert text.count(f'Det samme i <a href="/leveranse/{BEFORE}/forklar?id=') == len(units)
