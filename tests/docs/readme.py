"""Writes the sample of the demo's output in the README anew, from the demo."""

import contextlib
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.demo import demonstrate
from pipelines.engine.progress import silent

README = Path(__file__).resolve().parents[2] / "README.md"
SAMPLE = re.compile(r"(What `make demo` ends with \(shortened\):\n\n```\n)(.*?)(```)", re.DOTALL)
LEFT_OUT = "..."
# The first and the last line that is shown of each part, by how they begin; what lies between two parts is left out.
PARTS = (
    ("ISF-oppgjør ", "episode "),
    ("Per RHF ", "Helse Nord RHF  "),
    ("Opphold ", "  DRG "),
    ("  Poengposter:", "  Refusjon: "),
    ("Publisert i ", "Prøv så: "),
)


def sample(shown: list[str]) -> str:
    """The parts of the demo's output that the README shows."""
    found, at = [], 0
    for first, last in PARTS:
        start = next(n for n in range(at, len(shown)) if shown[n].startswith(first))
        end = next(n for n in range(start, len(shown)) if shown[n].startswith(last)) + 1
        found += [*([LEFT_OUT] if start > at else []), *shown[start:end]]
        at = end
    return "".join(f"{line.rstrip()}\n" for line in found)


def demo() -> list[str]:
    """What the demo ends with. Works where it stands, in `isf-data`."""
    return demonstrate(Path("isf-data"), scale=0.01, progress=silent).splitlines()


def main() -> None:
    with TemporaryDirectory() as folder, contextlib.chdir(folder):
        text = sample(demo())
    README.write_text(SAMPLE.sub(lambda found: found[1] + text + found[3], README.read_text("utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
