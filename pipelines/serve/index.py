"""`index.html` of a home: its front page as a file, for who opens the folder without the server."""

import os
from pathlib import Path

from pipelines.engine import home as homes
from pipelines.errors import IsfError
from pipelines.serve import overview, pages

NAME = "index.html"


def write(home: Path) -> Path:
    """Write the page as the home is now, for its owner alone; it takes the place of an earlier one in one step.

    Raises IsfError where there is no home.
    """
    if not home.is_dir():
        raise IsfError(f"There is no home {home}. Run `isf settle DELIVERY --home {home}` first.")
    text = pages.front(overview.deliveries(home), overview.results(home), live=False)
    path = homes.building(home, NAME)
    try:
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8", newline="\n")
        homes.flush(path)
        os.replace(path, home / NAME)
    finally:
        homes.remove(path)
    return home / NAME
