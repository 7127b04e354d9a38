"""A quality pack in a browser: filter, rows on demand, keyboard, colours, print, no request to anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.quality.command import run_quality
from tests.browser import executable, launched
from tests.integration.test_settlement_page import CONTRAST
from tests.unit.quality_delivery import FIRST, measured

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = executable()

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="no chromium on this machine: apt-get install chromium to test the page in a browser",
)


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    home = measured(tmp_path_factory.mktemp("quality-page"))
    run_quality("2025-T1-2", home, threads=1)
    return home / "published" / "2025-T1-2-kvalitet"


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright, launched(playwright.chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def tab(browser):
    """A tab that is used again: a new one costs ten times what it takes to load a page. And what it was told."""
    told: list[str] = []
    return watched(browser.new_page(), told), told


def watched(tab, told: list[str]):
    """The tab, which files what its page says and asks for."""
    tab.on("console", lambda message: told.append(f"console: {message.text}"))
    tab.on("pageerror", lambda error: told.append(f"error: {error}"))
    tab.on("dialog", lambda dialog: told.append(f"dialog: {dialog.message}"))
    tab.on("request", lambda request: told.append(f"request: {request.url}"))
    return tab


@pytest.fixture
def open_page(tab, browser, published):
    """Opens a page at a width and colour scheme; fails on console errors and on any other request."""
    used_again, told = tab
    told.clear()
    asked = ["about:blank"]

    def open_at(name: str = f"{FIRST}/kvalitet.html", width: int = 1280, scheme: str = "light", **options):
        page = watched(browser.new_page(**options), told) if options else used_again
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="screen", color_scheme=scheme)
        asked.append((published / name).as_uri())
        page.goto("about:blank")
        page.goto(asked[-1])
        return page

    yield open_at
    allowed = tuple(f"request: {one}" for one in ("data:", *asked))
    assert [one for one in told if not one.startswith(allowed)] == []


def test_rows_open_on_demand_and_by_keyboard(open_page):
    page = open_page()
    block = page.locator("details#municipality_missing")
    assert not block.locator("tr.rad").first.is_visible()
    block.locator("summary").focus()
    page.keyboard.press("Enter")
    assert block.locator("tr.rad").first.is_visible()
    assert "A-komnr" in block.inner_text()


def test_the_filter_shows_only_what_fits(open_page):
    page = open_page()
    every = page.locator("details.kontroll:visible").count()
    page.fill("#sok", "A-debitor-77")
    assert page.locator("details.kontroll:visible").count() == 1
    assert page.locator("tr.rad:visible").count() == 1
    assert "1 kontroller, 1 viste rader" in page.locator("#treff").inner_text()
    page.fill("#sok", "")
    assert page.locator("details.kontroll:visible").count() == every
    assert page.locator("tr.rad:visible").count() == 0
    page.select_option("#niva", "structure")
    shown = page.locator("details.kontroll:visible")
    assert 0 < shown.count() < every
    assert shown.evaluate_all("all => all.every(d => d.dataset.niva === 'structure')")


def test_a_link_in_the_table_opens_the_check(open_page):
    page = open_page()
    page.locator("#kontroller a[href='#debitor_unknown']").click()
    assert page.locator("details#debitor_unknown tr.rad").first.is_visible()


def test_everything_opens_and_closes_at_once(open_page):
    page = open_page()
    button = page.get_by_role("button", name="Åpne alle")
    button.click()
    assert page.locator("details.kontroll:not([open])").count() == 0
    page.get_by_role("button", name="Lukk alle").click()
    assert page.locator("details.kontroll[open]").count() == 0


def test_without_script_the_rows_are_there(open_page):
    page = open_page(java_script_enabled=False)
    assert not page.locator("#filter").is_visible()
    page.locator("details#municipality_missing summary").click()
    assert page.locator("details#municipality_missing tr.rad").first.is_visible()


@pytest.mark.parametrize("name", [f"{FIRST}/kvalitet.html", "nasjonalt/oversikt.html", "direktoratet/oversikt.html"])
@pytest.mark.parametrize("width", [400, 1280])
def test_no_width_makes_the_page_scroll_sideways(open_page, name, width):
    assert open_page(name, width).evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", [f"{FIRST}/kvalitet.html", "nasjonalt/oversikt.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(open_page, name, scheme):
    page = open_page(name, scheme=scheme)
    if "oversikt" not in name:
        page.get_by_role("button", name="Åpne alle").click()
    assert page.evaluate(CONTRAST) == []


def test_it_prints_with_its_rows_and_without_the_filter(open_page):
    page = open_page()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.emulate_media(media="print")
    assert not page.locator("#filter").is_visible()


def test_the_accessibility_tree_has_landmarks_and_names(open_page):
    page = open_page()
    assert page.get_by_role("main").count() == page.get_by_role("navigation", name="Innhold").count() == 1
    assert page.get_by_role("search").count() == 1
    assert page.get_by_label("Søk i rader, koder og avdelinger").count() == 1
    assert page.get_by_role("table").count() >= 2


def test_links_inside_the_folder_lead_somewhere(open_page, published):
    overviews = ("nasjonalt/oversikt.html", "direktoratet/oversikt.html", "direktoratet/kontroller.html")
    for name in (f"{FIRST}/kvalitet.html", *overviews):
        links = open_page(name).eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        folder = (published / name).parent
        # What lies above the published folder, the front pages of the home, is looked at where all pages are made.
        inside = [link for link in links if not link.startswith("#") and published in (folder / link).resolve().parents]
        assert inside and all((folder / link).is_file() for link in inside)


def test_the_overview_shows_tiers_first_and_the_map_by_click(open_page):
    page = open_page("direktoratet/oversikt.html")
    assert page.locator("#t-niva").is_visible() and not page.locator("table.heat").is_visible()
    page.locator("#kart summary").click()
    assert page.locator("table.heat").is_visible()
    assert page.locator(f'#niva a[href="../{FIRST}/kvalitet.html"]').count() == 1
