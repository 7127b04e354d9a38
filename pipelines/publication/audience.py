"""For whom each output is: everybody, one hospital, or the directorate alone.

Every page, workbook and manifest says it in a line of its own, and the modes of the files agree with it. `OUTPUTS` is
the whole list; a test holds it against what is written, and `docs/outputs.md` is made from it.
"""

import re
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
REGION = Audience(
    "region",
    "Brevet har bare regionens egne tall.",
    0o400,
    0o700,
)
DIRECTORATE = Audience(
    "directorate",
    "Kun for direktoratet: filene viser små tall og enkeltrader, og skal ikke deles.",
    0o400,
    0o700,
)


@dataclass(frozen=True)
class Output:
    """A kind of file that the program writes. `place`: below the home, with * for a name and ** for any depth."""

    place: str
    what: str
    audience: Audience


# What is published beside a settlement, and the folders of a home. Order matters: the first place that fits counts.
OUTPUTS = (
    Output("warehouse/*", "the settled delivery, unsuppressed", DIRECTORATE),
    Output("unpublished/*", "a settlement that was computed and not published", DIRECTORATE),
    Output("ledger/**", "the ledger per unit of a published settlement, with its manifest", DIRECTORATE),
    Output("published/*-kvalitet*/nasjonalt/*", "quality: which hospital has findings, marks without numbers", PUBLIC),
    Output("published/*-kvalitet*/direktoratet/*", "quality: numbers and rows of all hospitals", DIRECTORATE),
    Output("published/*-kvalitet*/manifest.json", "quality: what the reports were made from", DIRECTORATE),
    Output("published/*-kvalitet*/*/*", "quality: the pack of one hospital, in a folder of its number", HOSPITAL),
    Output("exports/*/*", "a settlement's published tables for Power BI, Qlik and Stata; small numbers hidden", PUBLIC),
    Output("published/*/*", "the settlement: tables, workbook, pages, manifest; small numbers hidden", PUBLIC),
    Output("quality/*", "what the quality checks have measured, and the hospitals' answers", DIRECTORATE),
    Output("answer.key", "the key of the codes that bind answers to packs", DIRECTORATE),
    Output("simulation/*", "the activity in small, for simulations", DIRECTORATE),
    Output("simulations/**", "saved scenarios: tables, workbook, page, manifest", DIRECTORATE),
    Output("comparisons/**", "comparisons of two deliveries", DIRECTORATE),
    Output("regroupings/**", "stays grouped anew: what moves, per stay and summed", DIRECTORATE),
    Output("reconciliations/**", "reconciliations with NPK's own results", DIRECTORATE),
    Output("prognoser/**", "what the year will be", DIRECTORATE),
    Output("avregninger/*/brev_*.html", "the year's final settlement: the letter to one region", REGION),
    Output("avregninger/**", "the year's final settlement, with letters", DIRECTORATE),
    Output("rbf/**", "result-based financing", DIRECTORATE),
    Output("grouper/**", "definition tables of the grouper, as imported", DIRECTORATE),
    Output("deliveries/**", "generated deliveries: invented patients, but made as real ones are", DIRECTORATE),
    Output("index.html", "the front page of the home, as a file", DIRECTORATE),
    Output("leveranse/*/index.html", "the front page of a delivery: its pages, and results made of it", DIRECTORATE),
    Output("serve/*", "what makes the lists of `isf serve` quick; can be removed", DIRECTORATE),
    Output(".lock", "keeps two runs apart; empty", DIRECTORATE),
)


def output_of(place: str) -> Output | None:
    """The kind of a file, by its path below the home."""
    for output in OUTPUTS:
        pattern = re.escape(output.place).replace(r"\*\*", ".+").replace(r"\*", "[^/]*")
        if re.fullmatch(pattern, place):
            return output
    return None


def document() -> str:
    """`docs/outputs.md`: the list, for people."""
    rows = [f"| `{o.place}` | {o.what} | {_WORDS[o.audience.name]} | {o.audience.file_mode:04o} |" for o in OUTPUTS]
    return "\n".join([_TOP, "| below the home | what | for whom | mode |", "|---|---|---|---|", *rows, ""])


_WORDS = {
    "public": "everybody",
    "hospital": "the hospital it is about",
    "region": "the region it is about",
    "directorate": "the directorate only",
}
_TOP = """# Who may see what

Made from `pipelines/publication/audience.py` by `make docs`; do not edit by hand.

Every page, workbook and manifest says for whom it is, and the modes of the files agree: read-only for all, or for their
owner alone (databases that are written to have 0600). The folders of a home are their owner's (0700), so what is for
everybody is handed on as a copy of its folder. What is public hides small numbers ([disclosure](disclosure.md)); what
is for one hospital or for the directorate does not. What a command prints on the screen is for whoever runs it.
"""
