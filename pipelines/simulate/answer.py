"""The answer of a comparison in words: one sentence and the tiles below it. The numbers are those of `hovedtall`."""

from decimal import Decimal
from typing import NamedTuple

from pipelines.publication import norwegian
from pipelines.publication import words as labels
from pipelines.simulate import layout

# Parts whose weight in the change is told, and what they are called in a sentence.
CAUSES = (
    ("brutto_vekter", "nye vekter"),
    ("brutto_tillegg_fradrag", "tillegg og fradrag"),
    ("brutto_omgruppering", "omgruppering"),
    ("brutto_telleregel", "tjenesteforløp"),
)


class Tile(NamedTuple):
    """A number with its label and what stands small below it."""

    label: str
    value: str
    note: str = ""


def points(value: Decimal, places: int) -> str:
    return norwegian.number(value, places, sign=True)


def sentence(row: dict, places: int) -> str:
    """Who wins and who loses most, how many change by more than 1 %, and how much moves."""
    where = "I somatikk" if row["sektor"] == "SOM" else f"I {labels.SECTOR_SHORT.get(row['sektor'], row['sektor'])}"
    if not row["antall_opp"] and not row["antall_ned"]:
        return f"{where} endres ingen foretak."
    parts = []
    for name, way in (("mest_opp", "mest opp"), ("mest_ned", "mest ned")):
        if row[f"{name}_hf"]:
            change = points(row[name], places)
            parts.append(
                f"{way} {row[f'{name}_hf']} {change} poeng ({_percent(row[f'{name}_prosent'])}, "
                f"{norwegian.number(row[f'{name}_kr'], 0, True)} kr)"
            )
    beyond = row["antall_over_1_prosent"] + row["antall_under_1_prosent"]
    return (
        f"{where} går {' og '.join(parts)}. {beyond} av {row['antall_hf']} foretak endres mer enn 1 %, og "
        f"{norwegian.number(row['flyttet_prosent'], 2)} % av poengene flyttes mellom foretak."
    )


def tiles(row: dict, places: int) -> list[Tile]:
    """Six tiles of a sector and measure."""
    moved = norwegian.number(row["flyttet"], places)
    return [
        _trust("Størst vinner", row, "mest_opp", places),
        _trust("Størst taper", row, "mest_ned", places),
        Tile(
            "Foretak over ±1 %",
            f"{row['antall_over_1_prosent'] + row['antall_under_1_prosent']} av {row['antall_hf']}",
            f"{row['antall_over_1_prosent']} opp, {row['antall_under_1_prosent']} ned",
        ),
        _steepest("Størst vekst", row, "storst_vekst", places),
        _steepest("Størst fall", row, "storst_fall", places),
        Tile("Flyttes mellom foretak", f"{norwegian.number(row['flyttet_prosent'], 2)} %", f"{moved} poeng"),
    ]


def causes(row: dict, net: Decimal) -> str:
    """What moves the trusts, as shares of the changes without sign; empty where nothing does. `net`: the change of the
    country before calibration."""
    whole = sum((row[name] for name, _ in CAUSES), Decimal(0))
    if not whole:
        return ""
    shares = sorted(((row[name], title) for name, title in CAUSES if row[name]), reverse=True)
    told = ", ".join(f"{title} {norwegian.percent(value, whole, 0)}" for value, title in shares)
    return (
        f"Det som endrer foretakene før kalibrering: {told}. Netto for landet før kalibrering: "
        f"{points(net, layout.decimals([net]))} poeng."
    )


def _percent(value: Decimal | None) -> str:
    return "–" if value is None else norwegian.number(value, 2, sign=True) + norwegian.NBSP + "%"


def _trust(label: str, row: dict, name: str, places: int) -> Tile:
    if not row[f"{name}_hf"]:
        return Tile(label, "–", "ingen")
    nok = norwegian.number(row[f"{name}_kr"], 0, True)
    return Tile(label, f"{points(row[name], places)} poeng", f"{row[f'{name}_hf']}: {nok} kr")


def _steepest(label: str, row: dict, name: str, places: int) -> Tile:
    if not row[f"{name}_hf"]:
        return Tile(label, "–", "ingen")
    return Tile(label, _percent(row[f"{name}_prosent"]), f"{row[f'{name}_hf']}: {points(row[name], places)} poeng")
