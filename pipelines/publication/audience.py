"""For whom each output is: everybody, one hospital, or the directorate alone.

Every page, workbook and manifest says it in a line of its own, and the modes of the files agree with it. `OUTPUTS` is
the whole list; a test holds it against what is written, and `docs/outputs.md` is made from it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Audience:
    """Who may see a file. `line`: what the file itself says. Modes are those of files and of the folder they are in."""

    name: str
    line: str
    file_mode: int
    folder_mode: int


PUBLIC = Audience(
    "public",
    "Offentlig: tall som bygger på få pasienter, er holdt tilbake sammen med det som ville røpe dem.",
    0o444,
    0o755,
)
HOSPITAL = Audience(
    "hospital",
    "Bare for sykehuset rapporten gjelder: den viser små tall og enkeltrader, og skal ikke deles videre.",
    0o400,
    0o700,
)
DIRECTORATE = Audience(
    "directorate",
    "Kun for direktoratet: filene viser små tall og enkeltrader, og skal ikke deles.",
    0o400,
    0o700,
)
