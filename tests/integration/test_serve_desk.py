"""The desk of `isf serve`: what a form asks for is what `isf simulate` gives, and what is wrong is said beside it."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest

from pipelines.engine import home as homes
from pipelines.rules import load as rulesets
from pipelines.serve import change as changes
from pipelines.serve.run import ADDRESS
from pipelines.settlement.run import settle
from pipelines.simulate import scenario
from pipelines.simulate.activity import opened
from tests.integration.runs import deliver
from tests.integration.test_serve import Client, serving

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("desk") / "home"
    settle(deliver(tmp_path_factory.mktemp("deliveries")), home, accept_quarantine=True)
    return home


@pytest.fixture(scope="module")
def client(home):
    with serving(home) as client:
        yield client


@pytest.fixture(scope="module")
def desk(home) -> str:
    (warehouse,) = homes.settled(home)
    return f"/leveranse/{warehouse.stem}/simulering"


@pytest.fixture(scope="module")
def rules(home):
    (warehouse,) = homes.settled(home)
    return rulesets.read(warehouse.stem[:4])


def sent(client: Client, path: str, form: dict[str, str], **headers: str):
    own = {"Content_Type": FORM, "Origin": f"http://{ADDRESS}:{client.port}"}
    return client.get(path, "POST", urlencode(form).encode(), **{**own, **headers})


def number_of(rules, rule: str, parameter: str) -> int:
    found = [(row["rule"], row["parameter"]) for row in changes.editable(rules)]
    return found.index((rule, parameter))


def group_of(rules) -> dict:
    return next(row for row in rules.tables["drg"] if row["base_points"])


def test_the_form_shows_every_number_with_a_norwegian_name(client, desk, rules):
    page = client.get(desk).text
    for number, row in enumerate(changes.editable(rules)):
        assert f'name="parameter{number}"' in page and f'value="{row["value"].replace(".", ",")}"' in page
    assert not re.search(r"trim_above|max_days|regional_threshold", page)


@pytest.mark.parametrize(
    "form, field, message",
    [
        ({"gruppe0": "{drg}", "vekt0": "x"}, "vekt0", "«x» er ikke et tall"),
        ({"gruppe0": "{drg}", "vekt0": ""}, "vekt0", "Skriv hvor mange poeng"),
        ({"gruppe0": "{drg}", "vekt0": "1,0005"}, "vekt0", "har mer enn 3 desimaler"),
        ({"gruppe0": "{drg}", "vekt0": "9" * 30}, "vekt0", "er for stort"),
        ({"gruppe0": "ZZZZ9", "vekt0": "1"}, "gruppe0", "Gruppen ZZZZ9 finnes ikke"),
        ({"gruppe0": "{drg}", "vekt0": "1", "gruppe1": "{drg}", "vekt1": "2"}, "gruppe1", "står alt i linje 1"),
        ({"gruppe0": '"; drop', "vekt0": "1"}, "gruppe0", "finnes ikke"),
        ({"{days}": "ti"}, "{days}", "«ti» er ikke et helt tall"),
        ({}, "skjema", "Ingenting er endret"),
    ],
)
def test_what_the_loader_says_stands_beside_its_field(client, desk, rules, form, field, message):
    known = {"drg": group_of(rules)["drg"], "days": f"parameter{number_of(rules, '7.1', 'max_days')}"}
    asked = {name.format(**known): text.format(**known) for name, text in form.items()} or {"sektor0": "SOM"}
    answer = sent(client, desk, asked)
    said = re.findall(r'<strong class="bad" id="m-([^"]*)">(.*?)</strong>', answer.text)
    assert answer.status == 422 and any(
        name == field.format(**known) and message in html.unescape(text) for name, text in said
    ), said


def test_a_change_gives_what_the_command_gives_and_keeps_nothing_unasked(client, desk, home, rules):
    group = group_of(rules)
    points = str(group["base_points"] + 1).replace(".", ",")
    supplement = f"parameter{number_of(rules, '7.4', 'points')}"
    form = {"sektor0": group["sector"], "gruppe0": group["drg"].lower(), "vekt0": points, supplement: "0,7"}
    way = sent(client, desk, form)
    assert way.status == 303
    page = client.get(way.headers["Location"])
    assert page.status == 200 and "<h2>Virkningen</h2>" in page.text and "Kunne ikke" not in page.text
    assert {path.name for path in (home / "simulations").iterdir()} == {changes.FOLDER}
    (made,) = (home / "simulations" / changes.FOLDER).iterdir()
    (warehouse,) = homes.settled(home)
    with opened(home, warehouse.stem) as activity:
        (compared,) = scenario.run(activity, rules.id, [str(made)], calibrate="none").comparisons
    shown = re.findall(r'<th scope="row">(.*?)</th>.*?<td class="n">.*?</td><td class="n">(.*?)</td>', page.text)
    expected = [row for row in compared.tables["endring_rhf"].dicts() if row["maal"] == "full"]
    assert {(row["bosted_rhf"], changes.norwegian.number(row["endring"], 3, sign=True)) for row in expected} <= {
        (html.unescape(name), text) for name, text in shown
    }


def test_a_scenario_is_kept_where_that_is_asked_for(client, desk, home, rules):
    form = {f"parameter{number_of(rules, '7.4', 'points')}": "0,75", "behold": "on"}
    page = client.get(sent(client, desk, form).headers["Location"])
    (place,) = re.findall(r'href="(/fil/simulations/[^"]*)"', page.text)
    assert client.get(place).status == 200
    assert scenario.saved(home / "simulations")[0]["problems"] == []


@pytest.mark.parametrize(
    "headers, status",
    [
        ({"Origin": "http://example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Cookie": ""}, 403),
        ({"Host": "example.org"}, 400),
        ({"Content_Type": "text/plain"}, 415),
    ],
)
def test_a_form_of_another_page_is_refused(client, desk, headers, status):
    assert sent(client, desk, {"gruppe0": "1A", "vekt0": "1"}, **headers).status == status


def test_a_form_without_an_origin_without_end_or_elsewhere_is_refused(client, desk):
    assert client.get(desk, "POST", b"gruppe0=1A", Content_Type=FORM).status == 405
    assert sent(client, desk, {"gruppe0": "x" * 70_000}).status == 413
    assert sent(client, desk, {f"a{n}": "" for n in range(400)}).status == 400
    assert sent(client, "/", {}).status == 405
    assert client.get(f"{desk}/skrivebord-0000000000").status == 404
