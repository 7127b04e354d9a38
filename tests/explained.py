"""A delivery with an id of every kind that `isf explain` knows, and values that are told as they were delivered."""

from pathlib import Path

from tests.deliveries import ENHET, EPISODE, HELSEPERSON, HRESEPT, REQUIRED, TILSTAND, csv_text, row, write

BERGEN = "983974724"
REGION = "991324968"
# An id of every kind, and the kinds of what is told of it.
KINDS = {
    "L2": ["stay"],
    "X1": ["episode"],
    "AS01|O'Brien|2025": ["service"],
    "H1": ["service"],
    "AT01|O'Brien|2025": ["pathway"],
    "HT04|Kne|K1": ["pathway"],
    "H2": ["prescription"],
    "O'Brien": ["patient"],
    "Q1": ["quarantine", "quarantine"],
    "HQ": ["quarantine"],
    "U9": ["quarantine", "quarantine"],
}


def delivered(parent: Path, name: str = "2025-T3-2") -> Path:
    """The folder of the delivery."""
    ward = row(EPISODE, episodetype="A", hf=BERGEN, omsorgsniva="1", kontaktType="", pasientID="P1")
    episodes = [
        # A long stay of two departments.
        row(ward, episodeID="L1", innDatoTid="2025-09-05T10:00", utDatoTid="2025-09-10T10:00", drg="89"),
        row(ward, episodeID="L2", innDatoTid="2025-09-10T11:00", utDatoTid="2025-11-04T10:00", drg="475A"),
        # A pathway of the year, of a service and an infusion; and one of an event, of an operation.
        row(EPISODE, episodeID="I1", pasientID="O'Brien", hf=BERGEN, drg="801H"),
        row(ward, episodeID="K1", pasientID="Kne", innDatoTid="2025-03-10", utDatoTid="2025-03-13", drg="209H"),
        # What does not count, and what could not be used.
        row(EPISODE, episodeID="X1", komNrHjem="9000"),
        row(EPISODE, episodeID="Q1", pasientID="Q", sektor="XXX"),
    ]
    persons = [row(HELSEPERSON, episodeID=id) for id in ("I1", "X1")]
    conditions = [row(TILSTAND, episodeID=one["episodeID"]) for one in episodes if one["episodeID"] != "K1"]
    conditions.append(row(TILSTAND, episodeID="K1", kode="M171"))
    lines = [
        row(HRESEPT, pasientID="O'Brien", atc="L04AA23", refusjonsKodeResept="G35", hf=BERGEN),
        row(HRESEPT, utleveringID="H2", komNrHjem="9000"),
        row(HRESEPT, utleveringID="HQ", pasientID="Q", utleveringsdato="05.03.2025"),
    ]
    return write(
        parent,
        {
            **REQUIRED,
            "episode": csv_text(episodes),
            "tilstand": conditions,
            "prosedyre": "episodeID;prosNr;kodeverk;kode\n",
            "helseperson": persons,
            "enhet": [row(ENHET), row(ENHET, enhetID="U9"), row(ENHET, enhetID="U9")],
            "hresept": lines,
        },
        name=name,
        manifest={"year": 2025, "tertial": 3, "delivery": int(name[-1])},
    )
