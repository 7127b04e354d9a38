"""Chromium and fonts for the browser tests: `python -m tests.browser` installs Debian's where they are missing.

The tests that open pages are skipped, with this reason, where there is no Chromium and no right to install it. A page
is opened with one font and no other, chosen through fontconfig: what the machine happens to have decides nothing.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


# Font → Debian's package. The first is the widest of them, and what most machines without others have.
FONTS = {"DejaVu Sans": "fonts-dejavu-core", "Liberation Sans": "fonts-liberation", "Noto Sans": "fonts-noto-core"}
_FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  {files}
  <cachedir>{cache}</cachedir>
  {aliases}
</fontconfig>
"""
_GENERIC = ("sans-serif", "system-ui", "serif", "monospace", "ui-monospace")


def font_files(font: str) -> list[str]:
    """The files of a font on this machine; none where it is not installed."""
    if not shutil.which("fc-list"):
        return []
    found = subprocess.run(["fc-list", f":family={font}", "file"], capture_output=True, text=True, check=False)
    return sorted(line.rstrip(": ") for line in found.stdout.splitlines())


@contextlib.contextmanager
def launched(chromium: Any, font: str | None = None) -> Iterator[Any]:
    """A browser of playwright's `chromium` with every text in `font` (default: the first of FONTS that there is)."""
    chosen = font or next((name for name in FONTS if font_files(name)), None)
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ)
        if chosen:
            fonts = Path(folder) / "fonts"
            fonts.mkdir()
            for file in font_files(chosen):
                (fonts / Path(file).name).symlink_to(file)
            alias = "<alias binding='same'><family>{}</family><prefer><family>{}</family></prefer></alias>"
            text = _FONTCONFIG.format(
                files=f"<dir>{fonts}</dir>",
                cache=Path(folder) / "cache",
                aliases="".join(alias.format(generic, chosen) for generic in _GENERIC),
            )
            (Path(folder) / "fonts.conf").write_text(text, encoding="utf-8")
            env["FONTCONFIG_FILE"] = str(Path(folder) / "fonts.conf")
        browser = chromium.launch(executable_path=executable(), args=FLAGS, env=env)
        try:
            yield browser
        finally:
            browser.close()


# The rules of WCAG 2.0 and 2.1 at A and AA that a program can judge.
RULES = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
# Of a long table a row of each kind is judged: what there is once is the same a hundred times.
SHORTENED = """() => {
  document.querySelectorAll('details').forEach(one => one.open = true);
  for (const body of document.querySelectorAll('tbody')) {
    const seen = new Set();
    for (const row of [...body.rows]) {
      const kind = [row, ...row.querySelectorAll('*')].map(one => one.tagName + one.className).join();
      if (seen.has(kind)) row.remove(); else seen.add(kind);
    }
  }
}"""


def violations(axe: Any, tab: Any) -> list[str]:
    """The rules of accessibility that the page in a tab breaks, which is cut short by this."""
    tab.evaluate(SHORTENED)
    found = axe.run(tab, options=RULES).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def reach(tab: Any, selector: str, most: int = 80) -> None:
    """Go by Tab to an element, which is then seen to have the focus. Raises AssertionError where Tab does not lead
    there."""
    for _ in range(most):
        tab.keyboard.press("Tab")
        if tab.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", selector
            return
    raise AssertionError(f"{selector} is not reached by {most} presses of Tab")


def executable() -> str | None:
    """Path of a Chromium on this machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    """Install Debian's Chromium and the fonts that are missing, if we are root and apt-get is here; else say what is
    skipped."""
    wanted = ([] if executable() else ["chromium"]) + [of for name, of in FONTS.items() if not font_files(name)]
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {', '.join(wanted)} for the browser tests ...", flush=True)
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": env}
        subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-q", "-y", "--no-install-recommends", *wanted], check=False, **quiet)
    if not executable():
        print("No Chromium: the browser tests are skipped (apt-get install chromium brings it).")
    for font, package in FONTS.items():
        if not font_files(font):
            print(f"No {font}: the pages are not tested with it (apt-get install {package} brings it).")


if __name__ == "__main__":
    install()
