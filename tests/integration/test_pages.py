"""The pages of a whole home: every link leads somewhere, as files and as served, and none tells what it must not; long
tables are sorted and searched, by keyboard alone too; nothing is in the way of who reads with other means."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import openpyxl
import pytest

from pipelines.publication import page as shared
from pipelines.publication.audience import DIRECTORATE, HOSPITAL, PUBLIC, REGION, output_of
from pipelines.quality.page import script as quality_script
from pipelines.serve import access, index
from pipelines.serve.access import digest
from pipelines.serve.run import ADDRESS
from tests import labels
from tests.browser import executable, launched, reach, violations
from tests.command import isf
from tests.integration.test_serve import TOKEN, serving
from tests.integration.whole_home import FINAL, FIRST, whole_home
from tests.outputs import misplaced
from tests.unit.generated import YEAR

LINK = re.compile(r'href="([^"#]*)(?:#[^"]*)?"')


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return whole_home(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def client(home):
    with serving(home) as client:
        yield client


def pages(home: Path) -> list[Path]:
    return sorted(home.rglob("*.html"))


def links(text: str) -> list[str]:
    """Where a page leads, but for places on it."""
    return [link for link in map(unescape, LINK.findall(text)) if link and not link.startswith("data:")]


def linked(page: Path) -> list[Path]:
    found = [unquote(link) for link in links(page.read_text(encoding="utf-8"))]
    assert [link for link in found if link.startswith("/") or ":" in link] == [], page
    return [(page.parent / link).resolve() for link in found]


# Links


def test_every_link_of_every_file_leads_to_a_file(home):
    assert [(page, to) for page in pages(home) for to in linked(page) if not to.is_file()] == []


def test_a_public_page_and_a_hospitals_lead_out_of_their_own_folder_nowhere(home):
    """They are handed on as a copy of their folder, and say nothing of what else there is."""
    seen = set()
    for page in pages(home):
        audience = output_of(page.relative_to(home).as_posix()).audience
        if audience in (PUBLIC, HOSPITAL, REGION):
            seen.add(audience)
            assert [to for to in linked(page) if to.parent != page.parent] == [], page
    assert seen == {PUBLIC, HOSPITAL, REGION}


def test_from_the_front_page_there_is_a_way_to_every_page_and_from_the_directorates_a_way_back(home):
    found, waiting = set(), [home / index.NAME]
    while waiting:
        page = waiting.pop()
        if page not in found and page.suffix == ".html":
            found.add(page)
            waiting += linked(page)
    newest = [page for page in pages(home) if not re.search(r"-r\d+/", page.as_posix())]
    assert found == {page.resolve() for page in newest}
    for page in newest:
        is_own = output_of(page.relative_to(home).as_posix()).audience is DIRECTORATE
        if is_own and page != home / index.NAME:
            reached = {to for step in (page, *linked(page)) if step.suffix == ".html" for to in linked(step)}
            assert home.resolve() / index.NAME in reached, page


def test_as_served_every_page_of_the_home_leads_to_pages_and_back_to_the_front_page(client, home):
    known: dict[str, int] = {}
    for page in [f"/fil/{path.relative_to(home).as_posix()}" for path in pages(home)]:
        answer = client.get(page)
        if answer.status == 303:  # the front pages as files
            assert client.get(answer.headers["Location"]).status == 200
            continue
        assert labels.of_page(answer.text) == set()
        found = {urlsplit(urljoin(page, link)).path for link in links(answer.text)}
        assert found & {"/", "/fil/index.html", "/fil/published/" + page.split("/")[3] + "/direktoratet/oversikt.html"}
        for to in found:
            if to not in known:
                shown = client.get(to, "GET" if Path(to).suffix in ("", ".html") else "HEAD")
                known[to] = shown.status
                assert labels.of_page(shown.text) == set(), to
    for to in ("liste?niva=regel", "liste?niva=enhet", "liste?niva=enhet&regel=drg_base", "kontroller"):
        shown = client.get(f"/leveranse/{FINAL}/{to}").text
        assert labels.of_page(shown) == set() and (to == "kontroller" or "DRG-basis" in shown), to
    explained = client.get(
        re.search(r'"(/leveranse/[^"]*/forklar[^"]*)"', client.get(f"/leveranse/{FINAL}/liste?niva=enhet").text)[1]
    )
    assert labels.of_page(explained.text) == labels.of_page(client.get("/sok?q=basispoeng").text) == set()
    assert {to: status for to, status in known.items() if status not in (200, 303)} == {}
    assert f"/leveranse/{FINAL}" in known and "/" in known


# The front pages as files


def test_results_and_the_tables_of_an_export_are_named_on_the_front_pages_and_served(client, home):
    for page, up in ((home / index.NAME, ""), (home / "leveranse" / FINAL / index.NAME, "../../")):
        text = page.read_text(encoding="utf-8")
        assert f"{FINAL} som Parquet: " in text and f"{FINAL} som Stata: " in text
        assert f"{FINAL}: {YEAR} mot {YEAR + 1}-draft: " in text and f"{YEAR + 1} av {FINAL}: " in text
        assert f'<a href="{up}exports/{FINAL}-parquet/dim_leveranse.parquet">Leveransen</a>' in text
    answer = client.get(f"/fil/exports/{FINAL}-stata/oppgjor_rhf.dta", "HEAD")
    assert answer.status == 200 and answer.headers["Content-Disposition"].startswith("attachment")


def test_every_file_of_the_home_is_on_the_list_with_its_modes(tmp_path):
    assert misplaced(whole_home(tmp_path)) == []


def test_a_removed_delivery_is_on_no_front_page(tmp_path):
    home = whole_home(tmp_path)
    assert (home / "leveranse" / FIRST / "index.html").is_file()
    (home / "published" / FINAL / "oppgjor_rhf.parquet").chmod(0o600)
    (home / "published" / FINAL / "oppgjor_rhf.parquet").write_bytes(b"damaged")
    run = isf("remove", FIRST, "--yes", home=home)
    assert run.returncode == 0, run.stderr
    assert FIRST not in (home / "index.html").read_text(encoding="utf-8")
    # A damaged settlement keeps the page that it has, and keeps nobody from the others.
    assert [path.name for path in (home / "leveranse").iterdir()] == [FINAL]


# What stands on them


def test_no_page_and_no_sheet_has_an_internal_name(home):
    found = {page: labels.of_page(page.read_text(encoding="utf-8")) for page in pages(home)}
    assert len(found) > 20
    found |= {book: labels.of_workbook(book) for book in kinds(home, "*.xlsx")}
    assert {page: names for page, names in found.items() if names} == {}


_SUM = re.compile(r"=ROUND\((?:SUM|SUMIFS)\((.*)\),([023])\)")
_PART = re.compile(r"'([^']*)'!([A-Z]+\d+:[A-Z]+\d+)(?:,\"=((?:[^\"]|\"\")*)\")?")


@pytest.mark.parametrize(
    "place, count",
    [("comparisons", 2), ("reconciliations", 3), ("prognoser", 4), ("avregninger", 5), ("rbf", 5), ("regroupings", 3),
     ("simulations", 8)],
)  # fmt: skip
def test_the_sums_on_the_first_sheet_of_a_result_are_those_of_the_table_behind(home, place, count):
    """Kroner of the year's prognosis may be a number instead: they are rounded once, the table's in every row."""
    (path,) = (home / place).glob("*/*.xlsx")
    book, counted = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)

    def cells(sheet: str, area: str) -> list:
        return [cell.value for (cell,) in counted[sheet][area]]

    found = 0
    for label, cell in ((row[0].value, row[1]) for row in book.worksheets[0].iter_rows(max_col=2)):
        if cell.data_type != "f":
            continue
        formula = _SUM.fullmatch(cell.value)
        (sheet, area, _), *conditions = _PART.findall(formula[1])
        rows = [value or 0 for value in cells(sheet, area)]
        for sheet, other, wanted in conditions:
            rows = [value if text == wanted else 0 for value, text in zip(rows, cells(sheet, other), strict=True)]
        total = counted.worksheets[0][cell.coordinate].value
        assert round(sum(rows), int(formula[2])) == pytest.approx(total, abs=1e-9), label
        found += 1
    assert found >= count


# In a browser

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
in_browser = pytest.mark.skipif(executable() is None, reason="no chromium on this machine: apt-get install chromium")


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright, launched(playwright.chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def tab(browser):
    """A tab that fails on what a page says on the console, and on a request to anywhere else."""
    problems: list[str] = []
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.on("console", lambda message: problems.append(message.text))
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else problems.append(r.url))
    yield tab
    assert problems == []


def settlement(home: Path) -> str:
    return (home / "published" / FINAL / "oppgjor.html").as_uri()


COLUMN = """([caption, column]) => {
  const table = document.getElementById(caption).closest('table');
  return [...table.tBodies].flatMap(body => [...body.rows]).filter(row => !row.matches('.owner, .utenfor'))
    .map(row => row.cells[column].textContent.trim());
}"""


@in_browser
def test_a_long_table_is_sorted_and_searched_by_keyboard_alone(tab, home):
    tab.goto((home / "reconciliations" / FINAL / "avstemming.html").as_uri())
    caption = tab.evaluate("document.querySelector('table:has(.sorter) caption').id")
    table = tab.locator(f"table:has(#{caption})")
    heading = table.locator("th.n .sorter").first
    # By Tab from the field above the table, over the headings.
    tab.locator(f".finn:has(~ .scroll #{caption}) input").last.focus()
    for _ in range(20):
        tab.keyboard.press("Tab")
        if heading.evaluate("button => button === document.activeElement"):
            break
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    column = heading.evaluate("button => button.closest('th').cellIndex")
    before = tab.evaluate(COLUMN, [caption, column])
    numbers = [float(re.sub(r"\s", "", text).replace("−", "-").replace(",", ".")) for text in before]
    assert len(numbers) > 20 and numbers != sorted(numbers, reverse=True)
    for expected in (sorted(numbers, reverse=True), sorted(numbers), numbers):
        tab.keyboard.press("Enter")
        shown = tab.evaluate(COLUMN, [caption, column])
        assert [float(re.sub(r"\s", "", t).replace("−", "-").replace(",", ".")) for t in shown] == expected
    assert heading.evaluate("button => button.closest('th').ariaSort") is None
    wanted = tab.evaluate(COLUMN, [caption, 0])[3]
    tab.locator(f".finn:has(~ .scroll #{caption}) input").last.focus()
    tab.keyboard.type(wanted.upper())
    names = tab.evaluate(COLUMN, [caption, 0])
    assert names and all(wanted.lower() in name.lower() for name in names)
    told = tab.locator(f".finn:has(~ .scroll #{caption}) output").last
    sums = "; summen er av alle" if table.locator("tfoot").count() else ""
    assert told.inner_text() == f"{len(names)} av {len(numbers)} rader{sums}"
    assert told.get_attribute("aria-live") == "polite"
    tab.keyboard.press("Control+a")
    tab.keyboard.press("Delete")
    assert len(tab.evaluate(COLUMN, [caption, 0])) == len(numbers)
    assert told.inner_text() == ""


@in_browser
def test_rows_stay_under_the_region_that_owns_them(tab, home):
    tab.goto(settlement(home))
    group = """() => {
      const body = document.querySelector('#hf table:has(.sorter) tbody'), found = {};
      let owner = null;
      for (const table of document.querySelectorAll('#hf table:has(.sorter)')) for (const row of table.rows)
        if (row.matches('.owner')) owner = row.cells[0].textContent.trim();
        else if (row.closest('tbody')) (found[owner] = found[owner] || []).push(row.cells[0].textContent.trim());
      return Object.fromEntries(Object.entries(found).map(([key, names]) => [key, names.sort()]));
    }"""
    before = tab.evaluate(group)
    tab.locator("#hf th.n .sorter").last.click()
    assert tab.evaluate(group) == before and len(before) > 3


@in_browser
def test_every_bar_says_its_exact_value_and_every_chart_has_an_axis(tab, home):
    tab.goto(settlement(home))
    assert tab.evaluate("[...document.querySelectorAll('.bars rect')].every(r => r.querySelector('title'))")
    axes = "[...document.querySelectorAll('.bars')].map(bars => bars.querySelectorAll('.scale text').length)"
    assert min(tab.evaluate(axes)) > 1
    title = tab.evaluate("document.querySelector('#hf .bars rect title').textContent")
    assert re.fullmatch(r".+, (Somatikk|PHV/TSB): [\d\s]+,\d\d", title)


PAPER = 1032  # A4 landscape between its margins


@in_browser
def test_no_page_is_wider_than_a_telephone_or_paper_nor_prints_what_is_only_for_the_screen(tab, home):
    width = "document.documentElement.scrollWidth"
    try:
        for page in kinds(home):
            tab.emulate_media(media="screen")
            tab.set_viewport_size({"width": 390, "height": 844})
            tab.goto(page.as_uri())
            assert tab.evaluate(width) <= 390, page
            tab.emulate_media(media="print")
            tab.set_viewport_size({"width": PAPER, "height": 680})
            tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert tab.evaluate(width) <= PAPER, page
        tab.goto(settlement(home))
        assert tab.evaluate("[...document.querySelectorAll('nav, .finn')].every(e => !e.checkVisibility())")
    finally:
        tab.emulate_media(media="screen")
        tab.set_viewport_size({"width": 1280, "height": 900})


def kinds(home: Path, pattern: str = "*.html") -> list[Path]:
    """One page (or other file) of each kind."""
    found: dict[str, Path] = {}
    for page in sorted(home.rglob(pattern)):
        place = page.relative_to(home).as_posix()
        found.setdefault(re.sub(r"\d+", "0", place), page)
    return list(found.values())


@in_browser
def test_no_page_breaks_a_rule_of_accessibility(tab, home):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for page in kinds(home):
        tab.goto(page.as_uri())
        assert violations(axe, tab) == [], page


@in_browser
def test_no_served_page_breaks_a_rule_of_accessibility(browser, home):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with serving(home, enters=False) as client:
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        tab.goto(f"http://{ADDRESS}:{client.port}/?token={TOKEN}")
        base = f"http://{ADDRESS}:{client.port}"
        for page in ("/", f"/leveranse/{FINAL}", f"/leveranse/{FINAL}/kontroller", f"/leveranse/{FINAL}/simulering"):
            tab.goto(base + page)
            assert violations(axe, tab) == [], page
        tab.goto(f"{base}/leveranse/{FINAL}/liste?niva=enhet")
        tab.wait_for_selector("table", timeout=60_000)  # the lists are made ready
        assert violations(axe, tab) == []
        tab.goto(base + tab.get_attribute("tbody th a", "href"))
        assert "poeng ×" in tab.content() and violations(axe, tab) == []
        tab.goto(f"{base}/sok?q=helse")
        assert violations(axe, tab) == []
        _group_by_keyboard(tab, base, axe)
        tab.close()


def _group_by_keyboard(tab, base: str, axe) -> None:
    """Write a case and have it grouped by keyboard alone; once with something wrong in it."""
    tab.goto(f"{base}/gruppering")
    for field, text in (("#hovedtilstand", "QB1+QB2"), ("#bitilstander", "QC2"), ("#netter", "2")):
        reach(tab, field)
        tab.keyboard.type(text)
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#alder[aria-invalid]")
    assert labels.of_page(tab.content()) == set()
    reach(tab, "#alder")
    tab.keyboard.type("32")
    reach(tab, "button[type=submit]")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#svaret h2")
    assert labels.of_page(tab.content()) == set()
    reach(tab, "#svaret .scroll")  # a table that is wider than the screen is moved with the arrows
    assert violations(axe, tab) == []
    tab.goto(f"{base}/gruppering")
    assert violations(axe, tab) == []


def test_the_hashes_of_todays_scripts_are_known():
    assert {shared.script()[1], quality_script()[1]} <= set(shared.SCRIPTS)


@in_browser
@pytest.mark.parametrize("is_known", [True, False])
def test_a_page_that_was_published_earlier_runs_its_own_script_and_no_other(browser, tmp_path, monkeypatch, is_known):
    text = "document.title = 'kjørt';"
    allowed = f"sha256-{digest(text)}"
    folder = tmp_path / "published" / "2025-T1-1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"files": {"oppgjor.html": ""}}')
    meta = f'<meta http-equiv="Content-Security-Policy" content="script-src \'{allowed}\'">'
    (folder / "oppgjor.html").write_text(f"<head>{meta}</head><p>Oppgjøret</p><script>{text}</script>")
    if is_known:
        monkeypatch.setattr(access, "SCRIPTS", (*shared.SCRIPTS, allowed))
    with serving(tmp_path, enters=False) as client:
        tab = browser.new_page()
        tab.goto(f"http://{ADDRESS}:{client.port}/?token={TOKEN}")
        tab.goto(f"http://{ADDRESS}:{client.port}/fil/published/2025-T1-1/oppgjor.html")
        assert tab.inner_text("p") == "Oppgjøret" and tab.title() == ("kjørt" if is_known else "")
        tab.close()
