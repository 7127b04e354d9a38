"""Norwegian words on the page and in the workbook for the codes of the funnel, the units and the sectors.

Reasons are those of `pipelines.publication.texts`. A code without a word is shown as it is.
"""

from pipelines.publication import texts

SECTOR = {"SOM": "Somatikk", "PHVTSB": "Psykisk helsevern og TSB", "alle": "Alle"}
SECTOR_SHORT = {"SOM": "Somatikk", "PHVTSB": "PHV/TSB"}

FILE = {
    "episode": "Episoder",
    "tilstand": "Tilstander",
    "prosedyre": "Prosedyrer",
    "helseperson": "Helsepersonell",
    "takst": "Takster",
    "enhet": "Enheter",
    "hresept": "H-resept",
    "akonto": "À konto",
}


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


# code → words and paragraph, in the order in which they are shown; what is counted comes last.
REASON = {
    code: (capital(words), paragraph)
    for code, (paragraph, words) in sorted(texts.REASONS.items(), key=lambda item: item[0] == "included")
}
STAY = {
    "hospital_stay": ("Sykehusopphold", ""),
    "outpatient_stay": ("Polikliniske opphold", ""),
    "phv_inpatient": ("Innlagte i PHV/TSB (rammefinansiert, 0 poeng)", "§3.2.3 c"),
    "merged_into_another": ("Episoder slått sammen med et annet opphold", "§7.18, §8.2"),
}
SERVICE = {
    **{code: (capital(words), paragraph) for code, (paragraph, words) in texts.SERVICE_STATUSES.items()},
    "merged_into_first": ("Gjentakelser i samme periode, talt én gang", ""),
}
MEMBER = {"member: stay": "Opphold", "member: service": "Særtjenester"}

DRG_SOURCE = {"main_episode": "hovedepisodens DRG", "npk": "NPKs gruppering av oppholdet"}


def drg_source(options: dict) -> str:
    """What the DRG of a stay is, in the words of the options of a run."""
    if options.get("definitions"):
        episodes = ", episodene også" if options.get("group_episodes") else ""
        return f"definisjonstabellene {options['definitions']} (gruppert på nytt{episodes})"
    return DRG_SOURCE.get(options.get("drg_source"), "")


def quarantine(reason: str) -> str:
    """Why rows were quarantined."""
    return texts.QUARANTINE.get(reason, reason)


def tertial(number: int) -> str:
    """`1. tertial`."""
    return f"{number}. tertial"


def delivery(number: int) -> str:
    """Which of the tertial's deliveries this is."""
    return {1: "første leveranse", 2: "endelig leveranse"}.get(number, f"leveranse {number}")
