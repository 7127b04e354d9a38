"""Makes the picture at the top of the README anew, of the demo's settlement page: `make picture`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from pipelines.demo import demonstrate
from pipelines.engine.progress import silent
from tests.browser import launched

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "oppgjor.png"
WIDTH, HEIGHT = 1200, 860


def main() -> None:
    """Settles the demo in a home of its own and takes the top of its page. Needs Chromium."""
    with TemporaryDirectory() as folder:
        demonstrate(Path(folder), scale=0.01, progress=silent)
        (page,) = Path(folder).glob("published/*/oppgjor.html")
        taken(page)


def taken(page: Path) -> None:
    """The picture of a page, in light colours."""
    with sync_playwright() as playwright, launched(playwright.chromium) as browser:
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        tab.goto(page.as_uri())
        tab.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
