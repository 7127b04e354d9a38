"""The settlement page in a browser: widths, colours, print, keyboard, no request to anywhere."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from pipelines.settlement.publish import publish
from tests.browser import FONTS, executable, font_files, launched
from tests.unit.publishing import run, warehouse

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = executable()

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="no chromium on this machine: apt-get install chromium to test the page in a browser",
)


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """Kroner in billions, as for a national year, so that widths are the real ones."""
    con = warehouse(scale=6, magnitude=400)
    facts = run(options={"drg_source": "main_episode", "accept_quarantine": True})
    return publish(con, tmp_path_factory.mktemp("home"), run=facts, extra_files={"kontroller.html": b"<p>x"}).path


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright, launched(playwright.chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def tab(browser, published):
    """A tab that is used again: a new one costs ten times what it takes to load the page. And what it complained of."""
    problems: list[str] = []
    tab = browser.new_page()
    tab.on("console", lambda message: problems.append(f"console: {message.text}"))
    tab.on("pageerror", lambda error: problems.append(f"error: {error}"))
    allowed = ("data:", (published / "oppgjor.html").as_uri())
    tab.on("request", lambda r: None if r.url.startswith(allowed) else problems.append(f"request: {r.url}"))
    return tab, problems


@pytest.fixture
def open_page(tab, published):
    """Opens the page at a width and colour scheme; fails on console errors and on any other request."""
    tab, problems = tab
    problems.clear()

    def open_at(width: int, scheme: str = "light"):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.emulate_media(media="screen", color_scheme=scheme)
        tab.goto("about:blank")
        tab.goto((published / "oppgjor.html").as_uri())
        return tab

    yield open_at
    assert [one for one in problems if one != "request: about:blank"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 800, 1280, 1920])
def test_no_width_makes_the_page_scroll_sideways(open_page, width, scheme):
    page = open_page(width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").inner_text() == "ISF-oppgjør 2025, 1. tertial"


TOO_WIDE = """[...document.querySelectorAll('table')]
    .filter(t => t.scrollWidth > t.closest('section').clientWidth - 40).map(t => t.caption.id)"""


def test_tables_fit_without_scrolling_on_a_desktop(open_page):
    assert open_page(1280).evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("font", FONTS)
def test_the_page_fits_with_any_common_font(published, browser, font):
    if not font_files(font):
        pytest.skip(f"no {font} on this machine: apt-get install {FONTS[font]}")
    is_default = font == next(name for name in FONTS if font_files(name))  # what the browser of all tests has
    with contextlib.nullcontext(browser) if is_default else launched(browser.browser_type, font) as other:
        tab = other.new_page()
        for width in (400, 1280, 1400):
            tab.set_viewport_size({"width": width, "height": 900})
            tab.goto((published / "oppgjor.html").as_uri())
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            if width > 400:
                assert tab.evaluate(TOO_WIDE) == []
                # A region's name is on one line: as high as its number.
                heights = tab.evaluate(
                    "[...document.querySelectorAll('.regions tbody tr')].map(r => ["
                    "Math.round(r.querySelector('th').getBoundingClientRect().height),"
                    "Math.round(r.querySelector('td').getBoundingClientRect().height),"
                    "parseFloat(getComputedStyle(r).fontSize)])"
                )
                assert heights and all(name == number < 3 * size for name, number, size in heights)
        tab.close()


def test_wide_tables_scroll_inside_their_own_frame_on_a_phone_and_keep_their_names(open_page):
    page = open_page(400)
    frame = page.locator(".scroll", has=page.locator("#t-hf-1"))
    assert frame.evaluate("e => e.scrollWidth > e.clientWidth")
    frame.evaluate("e => { e.scrollLeft = 200 }")
    name = page.locator("#t-hf-1 ~ tbody tr.sub th").first
    assert name.bounding_box()["x"] >= 0


def test_headers_stay_in_sight_while_a_long_table_scrolls(open_page):
    page = open_page(1280)
    page.evaluate("document.querySelector('#t-hf-1').scrollIntoView({behavior: 'instant'})")
    page.evaluate("scrollBy({top: 300, behavior: 'instant'})")
    assert 0 <= page.locator("#t-hf-1 ~ thead th").first.bounding_box()["y"] < 5


# Texts whose colour and background differ by less than 4.5 : 1 (WCAG 2, AA).
CONTRAST = """
() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const linear = v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const luminance = colour => {
    const [r, g, b] = parts(colour).map(v => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (parts(colour).length < 4 || parts(colour)[3] > 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const bad = new Set();
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.offsetParent || e.matches('.hidden-text, .skip')) continue;
    const [a, b] = [luminance(getComputedStyle(e).color), luminance(background(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.add(`${e.tagName}.${e.className} ${ratio.toFixed(2)} ${e.textContent.slice(0, 30)}`);
  }
  return [...bad];
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(open_page, scheme):
    assert open_page(1280, scheme).evaluate(CONTRAST) == []


def test_dark_is_dark(open_page):
    colour = "getComputedStyle(document.body).backgroundColor"
    assert open_page(1280).evaluate(colour) != open_page(1280, "dark").evaluate(colour)


def test_the_matrix_shows_one_measure_at_a_time_by_keyboard(open_page):
    page = open_page(1280)
    cell = page.locator("#t-gjest-1 ~ tfoot td").first
    kroner = cell.inner_text()
    page.locator("#mal-kr").focus()
    page.keyboard.press("ArrowRight")
    points = cell.inner_text()
    page.keyboard.press("ArrowRight")
    stays = cell.inner_text()
    assert "," in points and "," not in kroner + stays
    assert len({kroner, points, stays}) == 3
    assert "antall opphold" in page.locator("#t-gjest-1").inner_text()


def test_the_keyboard_reaches_the_content_and_the_tables(open_page):
    page = open_page(400)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innhold"
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.getAttribute('aria-labelledby')"))
    assert {"t-hovedtall", "t-rhf-1", "t-hf-1", "t-gjest-1"} <= seen


def test_links_inside_the_folder_lead_somewhere(open_page, published):
    links = open_page(1280).eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    files = [link for link in links if not link.startswith("#")]
    assert "kontroller.html" in files and "oppgjor.xlsx" in files and "oppgjor_rhf.csv" in files
    assert all((published / link).is_file() for link in files)


def test_it_prints(open_page):
    page = open_page(1280, "dark")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('section')).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.scroll.tall')).maxHeight") == "none"


def test_the_accessibility_tree_has_landmarks_and_names(open_page):
    page = open_page(1280)
    assert page.get_by_role("main").count() == page.get_by_role("navigation", name="Innhold").count() == 1
    assert page.get_by_role("table").count() > 8
    assert page.get_by_role("region", name="Gjestepasienter", exact=True).count() == 1
    assert page.get_by_role("group", name="Fra basispoeng til ISF-poeng").count() == 2
    assert page.get_by_role("radio", name="ISF-poeng").count() == 1
