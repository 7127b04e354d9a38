"""The desk of `isf serve`: what a form asks for is what `isf simulate` gives, and what is wrong is said beside it."""

from __future__ import annotations

import html
import os
import re
import threading
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from pipelines.engine import home as homes
from pipelines.rules import load as rulesets
from pipelines.serve import change as changes
from pipelines.serve.run import ADDRESS
from pipelines.serve.trial import DONE, MOST_WAITING, TooMany, Trials
from pipelines.simulate import scenario
from pipelines.simulate.activity import opened
from tests import labels
from tests.browser import executable, launched, reach, violations
from tests.integration.runs import published_home
from tests.integration.test_serve import TOKEN, Client, serving

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return published_home(tmp_path_factory.mktemp("desk"))


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


def test_a_change_is_of_the_rules_it_changes(rules):
    form = {f"parameter{number_of(rules, '7.4', 'points')}": "0,7"}
    change = changes.read(form, rules)
    assert change.parameters == {("7.4", "points"): "0.7"} and changes.fields(change, rules) == [(*form, "0.7")]
    assert changes.read(form, replace(rules, sha256="other")).name != change.name == changes.read(form, rules).name


def test_after_a_new_settlement_the_old_result_is_not_shown(tmp_path, rules):
    def settled(content: str) -> None:
        (tmp_path / "new").write_text(content)
        os.replace(tmp_path / "new", warehouse)

    warehouse = homes.warehouse(tmp_path, "2025-T1-2")
    warehouse.parent.mkdir()
    settled("first")
    trials = Trials(tmp_path)
    trials._worker = threading.current_thread()  # nobody works: they wait
    change = changes.read({f"parameter{number_of(rules, '7.4', 'points')}": "0,7"}, rules)
    asked = trials.ask_for("2025-T1-2", change, keep=False)
    assert trials.ask_for("2025-T1-2", change, keep=False) is asked is trials.get("2025-T1-2", asked.id)
    settled("second one")
    assert trials.get("2025-T1-2", asked.id) is None
    assert trials.ask_for("2025-T1-2", change, keep=False) is not asked


def test_those_that_wait_are_kept_and_no_more_than_twenty_of_them(tmp_path):
    warehouse = homes.warehouse(tmp_path, "2025-T1-2")
    warehouse.parent.mkdir()
    warehouse.touch()
    trials = Trials(tmp_path)
    trials._worker = threading.current_thread()

    def ask(number: int):
        return trials.ask_for("2025-T1-2", changes.Change({0: ("SOM", "1A", str(number))}), keep=False)

    first = [ask(number) for number in range(MOST_WAITING)]
    with pytest.raises(TooMany):
        ask(99)
    first[3].state = DONE
    ask(99)
    assert [trials.get("2025-T1-2", one.id) is one for one in first] == [n != 3 for n in range(MOST_WAITING)]
    for _ in range(3):
        trials.prepare("2025-T1-2")
    assert trials._queue.qsize() == MOST_WAITING + 2


@pytest.mark.skipif(executable() is None, reason="no chromium on this machine: apt-get install chromium")
def test_in_a_browser_the_form_is_taken_and_the_result_comes(home, desk, rules):
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with (
        serving(home, enters=False) as client,
        sync_api.sync_playwright() as playwright,
        launched(playwright.chromium) as browser,
    ):
        tab = browser.new_page()
        root = f"http://{ADDRESS}:{client.port}"
        tab.goto(f"{root}/?token={TOKEN}")
        tab.goto(root + desk)
        # By keyboard alone, from the top of the page.
        reach(tab, f"[name=parameter{number_of(rules, '7.4', 'points')}]", most=150)
        tab.keyboard.press("Control+a")
        tab.keyboard.type("0,7")
        reach(tab, "button[type=submit]", most=150)
        tab.keyboard.press("Enter")
        tab.wait_for_selector("text=Endring per RHF", timeout=60_000)
        assert "0,7" in tab.content() and "/simulering/skrivebord-" in tab.url
        assert labels.of_page(tab.content()) == set()
        reach(tab, "button[type=submit]")  # to keep it
        reach(tab, ".scroll:has(#t-hf)")
        tab.set_viewport_size({"width": 390, "height": 844})
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        assert violations(axe, tab) == []


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
