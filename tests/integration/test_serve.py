"""`isf serve`: who is let in, what is shown and what is not, a home that changes meanwhile; some of it in a browser."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import threading
import time
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote, unquote

import duckdb
import pytest

from pipelines.engine import home as homes
from pipelines.engine.workspace import connect
from pipelines.serve import account, lists, overview, pages
from pipelines.serve.app import Desk
from pipelines.serve.database import Indexes, TooMuch, Warehouses
from pipelines.serve.run import ADDRESS, listen, server
from pipelines.settlement.run import settle
from tests.browser import executable, launched
from tests.command import isf
from tests.integration.runs import SECRET, deliver

TOKEN = "the-token-of-this-test"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("serve") / "home"
    settle(deliver(tmp_path_factory.mktemp("deliveries"), 3, patients=15), home, accept_quarantine=True)
    return home


class Client:
    """A browser's part: what it sends is what is written here, to the byte."""

    def __init__(self, port: int):
        self.port = port
        self.cookie = ""

    def get(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        with contextlib.closing(http.client.HTTPConnection(ADDRESS, self.port, timeout=60)) as line:
            line.putrequest(method, path, skip_host="Host" in headers)
            for name, value in {"Cookie": self.cookie, **headers}.items():
                line.putheader(name.replace("_", "-"), value)
            if body:
                line.putheader("Content-Length", str(len(body)))
            line.endheaders(body or None)
            answer = line.getresponse()
            answer.text = answer.read().decode("utf-8", "replace")
        if answer.headers["Refresh"]:  # the lists are being made ready: a browser asks again
            time.sleep(0.1)
            return self.get(path, method, body, **headers)
        return answer


@contextlib.contextmanager
def serving(home: Path, *, enters: bool = True):
    with contextlib.closing(listen()) as listening:
        one = server(home, listening, TOKEN)
        thread = threading.Thread(target=one.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        client = Client(listening.getsockname()[1])
        if enters:
            client.cookie = client.get(f"/?token={TOKEN}").headers["Set-Cookie"].split(";")[0]
        try:
            yield client
        finally:
            one.should_exit = True
            thread.join(10)


@pytest.fixture(scope="module")
def client(home):
    with serving(home) as client:
        yield client


@pytest.fixture(scope="module")
def delivery(home) -> str:
    (warehouse,) = homes.settled(home)
    return warehouse.stem


@pytest.fixture(scope="module")
def units(home, delivery) -> list[tuple]:
    with contextlib.closing(connect(homes.warehouse(home, delivery), read_only=True)) as con:
        query = "select unit_id, sum(points) from ledger where unit_type = 'stay' group by unit_id order by 2 desc, 1"
        return con.execute(query).fetchall()


# Who is let in


def test_the_token_gives_one_cookie_that_scripts_and_other_sites_do_not_get(tmp_path):
    with serving(tmp_path, enters=False) as client:
        assert client.get(f"/?token={TOKEN}", "HEAD").status == 403  # what only looks at a link does not use it
        welcome = client.get(f"/?token={TOKEN}")
        assert (welcome.status, welcome.headers["Location"]) == (303, "/")
        cookie, *about = welcome.headers["Set-Cookie"].split("; ")
        assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(about) and TOKEN not in cookie
        again = client.get(f"/?token={TOKEN}")
        assert again.status == 403 and "er brukt" in again.text and again.headers["Set-Cookie"] is None
        assert "åpnes én gang" in client.get("/").text
        same = client.get(f"/?token={TOKEN}", Cookie=cookie)
        assert (same.status, same.headers["Set-Cookie"]) == (303, None)


@pytest.mark.parametrize(
    "site, mode, path, status",
    [
        ("none", "navigate", "/sok", 200),
        ("same-origin", "navigate", "/sok", 200),
        ("same-site", "navigate", "/sok", 403),
        ("cross-site", "navigate", "/sok", 403),
        ("cross-site", "no-cors", "/", 403),
        ("cross-site", "navigate", "/", 200),
    ],
)
def test_another_site_can_open_the_first_address_and_nothing_else(client, site, mode, path, status):
    headers = {"Sec_Fetch_Site": site, "Sec_Fetch_Mode": mode, "Sec_Fetch_Dest": "document"}
    assert client.get(path, **headers).status == status


@pytest.mark.parametrize(
    "path, headers",
    [
        ("/", {"Cookie": ""}),
        ("/?token=", {"Cookie": ""}),
        ("/?token=" + TOKEN[:-1], {"Cookie": ""}),
        ("/?token=%ff%fe", {"Cookie": ""}),
        ("/sok?token=" + TOKEN, {"Cookie": ""}),
        ("/", {"Cookie": "isf-1=x; isf=y"}),
        ("/", {"Cookie": f"isf={TOKEN}"}),
        ("/", {"Origin": "http://example.org"}),
        ("/", {"Origin": "null"}),
    ],
)
def test_nobody_else_is_let_in(client, path, headers):
    assert client.get(path, **headers).status == 403


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1", "localhost:1", "", "127.0.0.1:{port}.example.org"])
def test_a_name_that_is_not_this_machines_own_is_refused(client, host):
    assert client.get("/", Host=host.format(port=client.port)).status == 400


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LocalHost"])
def test_this_machines_own_names_are_taken(client, name):
    host = f"{name}:{client.port}"
    assert client.get("/", Host=host, Origin=f"http://{host}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_sent_here(client, method):
    assert client.get("/", method=method).status == 405


def test_it_listens_on_this_machine_alone():
    with contextlib.closing(listen()) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_every_answer_is_kept_nowhere_and_runs_no_script_but_the_servers_file(client, delivery):
    for path in ("/", f"/leveranse/{delivery}/liste", "/nothing", "/sok?q=x"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store" and headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff" and "server" not in headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and policy.count("script-src") <= 1 and "script-src 'sha" not in policy
        assert "<script>" not in client.get(path).text
    assert "script-src" not in client.get("/", Cookie="").headers["Content-Security-Policy"]
    script = client.get("/tabeller.js")
    assert (
        script.headers["Content-Type"].startswith("text/javascript")
        and client.get("/tabeller.js", Cookie="").status == 403
    )


def test_the_front_page_as_a_file_links_what_lies_beside_it(home, delivery):
    page = isf("index", home=home)
    assert page.returncode == 0 and page.stdout.strip().endswith("index.html")
    text = (home / "index.html").read_text(encoding="utf-8")
    links = [unquote(link) for link in re.findall(r'href="([^"#]*)"', text) if link != "data:,"]
    assert f"published/{delivery}/oppgjor.html" in links
    assert [link for link in links if not (home / link).is_file()] == []
    assert (home / "index.html").stat().st_mode & 0o777 == 0o400
    assert not isf("index", home=home / "nowhere").stdout


# What is not shown


@pytest.mark.parametrize(
    "place",
    [
        "", "published", "published/{id}", "published/{id}/", "published/{id}/.", "warehouse/{id}.duckdb",
        "published/{id}/../../warehouse/{id}.duckdb", "published/{id}/%2e%2e/%2e%2e/warehouse/{id}.duckdb",
        "published/..%2fwarehouse/{id}.duckdb", "published/{id}/..\\..\\warehouse", "/etc/passwd", "%2fetc%2fpasswd",
        "published/{id}/not-listed.html", "published/{id}/linked.html", 
        "ledger/{id}/poengposter.parquet", "published/{id}/oppgjor.html/", "published//{id}/oppgjor.html", ".lock",
    ],
)  # fmt: skip
def test_only_files_that_a_manifest_lists_are_shown(client, home, delivery, place):
    folder = home / "published" / delivery
    (folder / "not-listed.html").write_text("not listed")
    with contextlib.suppress(FileExistsError):
        (folder / "linked.html").symlink_to("/etc/passwd")
    answer = client.get(f"/fil/{place.format(id=delivery)}")
    assert answer.status == 404 and "root:" not in answer.text and "not listed" not in answer.text


@pytest.mark.parametrize("name", ["..", "..%2f..", "2025-T1-2.duckdb", ".ready", "2025-T9-9", "a" * 300])
def test_only_settled_deliveries_are_opened(client, name):
    for page in ("", "/liste", "/liste.csv", "/forklar"):
        assert client.get(f"/leveranse/{name}{page}").status == 404


def test_an_address_without_end_is_refused(client):
    assert client.get("/sok?q=" + "x" * 5000).status == 414


@pytest.mark.parametrize("path", ["/%00", "/sok?q=a%00b", "/fil/published/x/oppgjor.html%00"])
def test_an_address_with_a_nul_is_refused(client, path):
    assert client.get(path).status == 400


@pytest.mark.parametrize(
    "text", ["'; drop table stay; --", "<script>alert(1)</script>", "%", "\\", "{{ 7*7 }}", "$1", "æøå", "§7.1"]
)
def test_what_is_asked_is_never_read_as_anything_else(client, delivery, text):
    for page in (f"/sok?q={quote(text)}", f"/leveranse/{delivery}/forklar?id={quote(text)}",
                 f"/leveranse/{delivery}/liste?hf={quote(text)}&sok={quote(text)}&sorter={quote(text)}&side={quote(text)}",
                 f"/leveranse/{delivery}/liste.csv?regel={quote(text)}&niva={quote(text)}"):  # fmt: skip
        answer = client.get(page)
        assert answer.status in (200, 404)
        assert "<script>" not in answer.text and "49" not in re.findall(r"<h1>(.*?)</h1>", answer.text)


def test_no_id_is_written_anywhere_but_on_the_page(client, delivery, units, capfd, monkeypatch):
    identifier = units[0][0]
    assert client.get(f"/leveranse/{delivery}/forklar?id={identifier}").status == 200
    monkeypatch.setattr(lists, "page", lambda con, wanted: 1 / 0)
    failed = client.get(f"/leveranse/{delivery}/liste?sok={identifier}")
    client.get(f"/{SECRET}/{identifier}")
    out, errors = capfd.readouterr()
    assert failed.status == 500 and SECRET not in failed.text
    assert out == "" and re.fullmatch(r"isf serve: ZeroDivisionError in test_serve.py:\d+\n", errors)


# What is shown


def test_the_front_page_leads_to_everything_of_the_home(client, home, delivery):
    page = client.get("/").text
    assert f'href="/leveranse/{delivery}"' in page
    for link in re.findall(r'href="(/[^"]*)"', page):
        assert client.get(link).status == 200, link


def test_every_level_adds_up_to_the_settlement(client, home, delivery):
    with contextlib.closing(connect(homes.warehouse(home, delivery), read_only=True)) as con:
        ((points,),) = con.execute("select sum(isf_poeng) from oppgjor_rhf").fetchall()
    for level in ("hf", "regel", "maned", "gruppe"):
        text = client.get(f"/leveranse/{delivery}/liste.csv?niva={level}").text
        heading, *lines = text.removeprefix("\ufeff").splitlines()
        at = heading.split(";").index("poeng")
        # A name may hold the separator in quotes; none of these has numbers behind it.
        assert sum(_decimal(re.sub(r'"[^"]*"', "", line).split(";")[at]) for line in lines) == points


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def test_from_a_trust_down_to_the_explanation(client, delivery, units):
    page = client.get(f"/leveranse/{delivery}/liste").text
    for _ in range(4):
        link = re.search(r'<th scope="row"><a href="([^"]*)"', page)[1].replace("&amp;", "&")
        page = client.get(link).text
    assert "/liste?" in link and "niva=enhet" in link
    unit = re.search(r'<th scope="row"><a href="([^"]*forklar[^"]*)"', page)[1].replace("&amp;", "&")
    text = client.get(unit).text
    assert "poeng ×" in text and "Betales til" in text


def test_lists_are_sorted_searched_and_cut_into_pages(client, delivery, units, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 5)
    base = f"/leveranse/{delivery}/liste?niva=enhet"
    pages, page = [], client.get(base).text
    while True:
        pages.append(_codes(page))
        if not (further := _link(page, "next")):
            break
        page = client.get(further).text
    whole = client.get(f"/leveranse/{delivery}/liste.csv?niva=enhet").text.splitlines()[1:]
    assert [len(one) for one in pages[:-1]] == [5] * (len(pages) - 1) and len(pages) > 2
    assert [code for one in pages for code in one] == [line.split(";")[1] for line in whole]
    for expected in pages[-2::-1]:
        page = client.get(_link(page, "prev")).text
        assert _codes(page) == expected
    assert _link(page, "prev") is None
    assert _codes(client.get(f"{base}&sok={quote(pages[1][3].lower())}").text) == [pages[1][3]]
    assert _codes(client.get(f"{base}&sok=nothing").text) == []


def _link(page: str, which: str) -> str | None:
    found = re.search(rf'<a rel="{which}" href="([^"]*)"', page)
    return found and found[1].replace("&amp;", "&")


def _codes(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', page)


def test_one_box_finds_ids_trusts_rules_and_paragraphs(client, delivery, units):
    identifier = units[0][0]
    found = client.get(f"/sok?q={quote(identifier.upper())}")
    assert (found.status, unquote(found.headers["Location"])) == (
        303, f"/leveranse/{delivery}/forklar?id={identifier.upper()}",
    )  # fmt: skip
    assert client.get(found.headers["Location"]).status == 200
    assert "regel=7.14" in client.get("/sok?q=" + quote("§7.14")).text
    assert "Helse Bergen HF" in client.get("/sok?q=bergen").text
    assert identifier in client.get("/sok?q=" + quote(identifier + "x")).text


def test_the_pages_of_the_home_come_with_a_policy_of_their_own(client, delivery):
    page = client.get(f"/fil/published/{delivery}/oppgjor.html")
    policy = page.headers["Content-Security-Policy"]
    assert page.status == 200 and "default-src 'none'" in policy and "form-action 'none'" in policy
    table = client.get(f"/fil/published/{delivery}/oppgjor_rhf.csv")
    assert table.headers["Content-Disposition"].startswith("attachment")


# A home that changes, and questions that take long


def test_a_settlement_that_is_replaced_is_whole_before_and_after(tmp_path):
    target = tmp_path / "one.duckdb"
    for number in (1, 2):
        with contextlib.closing(duckdb.connect(str(tmp_path / f"{number}.duckdb"))) as con:
            con.execute(f"create table one as select {number} as n from range(200000)")
    os.replace(tmp_path / "1.duckdb", target)
    houses = Warehouses()
    sums = "select min(n), max(n) from one"
    with houses.reading(target) as before:
        assert before.execute(sums).fetchall() == [(1, 1)]
        os.replace(tmp_path / "2.duckdb", target)
        with houses.reading(target) as after:
            assert after.execute(sums).fetchall() == [(2, 2)]
            assert before.execute(sums).fetchall() == [(1, 1)]
    shutil.rmtree(tmp_path)
    with pytest.raises(FileNotFoundError), houses.reading(target):
        pass
    houses.close()


def test_a_slow_question_is_stopped_and_keeps_nobody_waiting(home, delivery):
    houses, path = Warehouses(seconds=1.5), homes.warehouse(home, delivery)
    slow = "select count(*) from range(3000000) as a, range(3000000) as b where a.range * b.range % 7 = 3"
    ended = []

    def ask():
        try:
            with houses.reading(path) as con:
                con.execute(slow)
        except TooMuch as error:
            ended.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    with houses.reading(path) as con:
        assert con.execute("select count(*) > 0 from ledger").fetchall() == [(True,)]
    assert thread.is_alive() and ended == []
    thread.join(30)
    assert ended == ["Spørsmålet tok for lang tid og ble stanset."]
    houses.close()


def test_a_page_that_asks_in_small_is_stopped_too_and_its_readings_share_the_time(home, delivery):
    houses, path = Warehouses(seconds=0.3), homes.warehouse(home, delivery)
    begun = time.monotonic()
    with pytest.raises(TooMuch), houses.reading(path) as con:
        while time.monotonic() < begun + 20:
            con.execute("select count(*) from range(100000)")
    with pytest.raises(TooMuch), houses.reading(path, until=begun + 0.3):
        pass
    with houses.reading(path) as con:
        assert con.execute("select 1").fetchall() == [(1,)]
    houses.close()


def test_the_sum_of_a_list_is_rounded_once_and_a_page_behind_the_last_is_the_last(client, home, delivery, monkeypatch):
    with contextlib.closing(connect(homes.warehouse(home, delivery), read_only=True)) as con:
        total = "select round(sum(points * nok_per_point), 2) from ledger inner join point_price using (sector)"
        (expected,) = con.execute(total).fetchone()
    assert client.get(f"/leveranse/{delivery}/liste").status == 200  # the index is there
    houses = Warehouses(indexes=Indexes(home / "serve"))
    with houses.reading(homes.warehouse(home, delivery), indexed=True) as con:
        for level in ("hf", "kommune", "gruppe"):
            assert lists.page(con, lists.asked({"niva": level}))["refund_nok"] == expected
        last = lists.page(con, lists.asked({"niva": "gruppe", "side": "9999"}))
        assert last["page"] == -(-last["count"] // lists.PAGE) and last["rows"]
        months = lists.page(con, lists.asked({"niva": "maned"}))["rows"]
        one = next(row for row in months if row["code"])
        named = lists.page(con, lists.asked({"niva": "maned", "sok": one["name"].upper()}))
        assert one["name"].isalpha() and [row["code"] for row in named["rows"]] == [one["code"]]
        monkeypatch.setattr(pages, "ROWS", 3)
    houses.close()
    assert "de første 3 linjene av" in client.get(f"/leveranse/{delivery}/liste?niva=enhet").text


@pytest.mark.parametrize(
    "statement", ["create table warehouse.x (n int)", "delete from ledger", "select * from read_csv('/etc/passwd')",
                  "attach '/tmp/x.duckdb'", "set enable_external_access = true", "copy ledger to '/tmp/x.csv'"],
)  # fmt: skip
def test_a_question_can_neither_write_nor_read_anything_else(home, delivery, statement):
    houses = Warehouses()
    with pytest.raises(duckdb.Error), houses.reading(homes.warehouse(home, delivery)) as con:
        con.execute(statement)
    houses.close()


def test_why_the_delivery_before_could_not_be_looked_up_is_said(home, delivery, tmp_path):
    indexes = Indexes(tmp_path)
    indexes._worker = threading.current_thread()  # nobody makes them
    desk = Desk(home, Warehouses(indexes=indexes))
    facts = {"kind": "stay", "stay_id": "x", "ledger": []}
    waiting = desk._earlier(delivery, facts, time.monotonic() + 20)["unread"]
    assert waiting == f"Listene for {delivery} er ikke klare ennå; åpne siden igjen om litt."
    assert "for lang tid" in desk._earlier(delivery, facts, time.monotonic() - 1)["unread"]
    assert desk._earlier("2025-T9-9", facts, time.monotonic() + 20) == {}


def test_nothing_is_said_of_findings_where_nothing_can_be_asked():
    with contextlib.closing(connect(":memory:")) as con:
        con.execute(
            "create table check_row (check_id text, row_type text, row_key text, value text, points_at_stake int)"
        )
        con.execute(
            "insert into check_row values ('a', 'episode', 'E1', null, null), ('a', 'episode', 'E2', null, null)"
        )
        assert account.findings(con, {"kind": "pathway"}) is None
        assert [row["row_key"] for row in account.findings(con, {"kind": "quarantine", "row_id": "E2"})] == ["E2"]
        assert account.findings(con, {"kind": "quarantine", "row_id": "E4"}) is None
        assert account.findings(con, {"kind": "quarantine", "row_id": None}) is None
        assert account.findings(con, {"kind": "episode", "episode_id": "E3"}) == []


def test_deliveries_are_in_the_order_of_their_numbers():
    assert sorted(["2025-T1-10", "2025-T2-1", "2025-T1-2"], key=overview._order) == [
        "2025-T1-2", "2025-T1-10", "2025-T2-1",
    ]  # fmt: skip


def test_fifty_at_once_get_what_one_gets(client, delivery, units):
    paths = [
        "/",
        f"/leveranse/{delivery}/liste",
        f"/leveranse/{delivery}/liste?niva=enhet&retning=opp",
        f"/leveranse/{delivery}/forklar?id={units[0][0]}",
    ]
    expected = {path: client.get(path).text for path in paths}
    wrong = []

    def ask(number: int) -> None:
        path = paths[number % len(paths)]
        if client.get(path).text != expected[path]:
            wrong.append(path)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


# In a browser

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
in_browser = pytest.mark.skipif(executable() is None, reason="no chromium on this machine: apt-get install chromium")


@in_browser
def test_in_a_browser_the_way_from_the_address_to_the_krone(home, delivery, units):
    problems = []
    with (
        serving(home, enters=False) as client,
        sync_api.sync_playwright() as playwright,
        launched(playwright.chromium) as browser,
    ):
        tab = browser.new_page(viewport={"width": 400, "height": 900})
        tab.on("console", lambda message: problems.append(message.text))
        root = f"http://{ADDRESS}:{client.port}"
        tab.on("request", lambda r: None if r.url.startswith((root, "data:")) else problems.append(r.url))
        tab.goto(f"{root}/?token={TOKEN}")
        assert tab.url == f"{root}/" and TOKEN not in tab.content()
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.className") == "skip"
        pages = [f"/leveranse/{delivery}", f"/leveranse/{delivery}/liste?niva=enhet", f"/leveranse/{delivery}/liste"]
        for page in ["/", *pages]:
            tab.goto(root + page)
            assert tab.evaluate("document.documentElement.scrollWidth") <= 400, page
            # The style sheet is the one that the policy lets through.
            assert tab.evaluate("getComputedStyle(document.querySelector('section')).borderRadius") == "0px"
        tab.goto(root)
        tab.fill("#q", units[0][0])
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/forklar?**")
        assert "poeng ×" in tab.locator("p.lead").inner_text()
        assert tab.evaluate("document.documentElement.scrollWidth") <= 400
    assert problems == []
