"""Norwegian words for the codes that people meet in more than one room: sectors, units, reasons, statuses, merges.

Paragraphs are the regulation's. A code without a word is shown as it is. Words of one room alone stay in that room.
"""

from typing import NamedTuple


class Word(NamedTuple):
    """What a code means, and the paragraph that says so."""

    paragraph: str
    text: str

    @property
    def title(self) -> str:
        """The text with a capital first letter."""
        return self.text[:1].upper() + self.text[1:]


SECTORS = ("SOM", "PHVTSB")  # in the order in which they are shown
SECTOR = {"SOM": "Somatikk", "PHVTSB": "Psykisk helsevern og TSB", "alle": "Alle"}
SECTOR_SHORT = {"SOM": "Somatikk", "PHVTSB": "PHV/TSB"}
UNIT = {"stay": "opphold", "service": "særtjeneste", "pathway": "tjenesteforløp"}
MEMBER = {"member: stay": "Opphold", "member: service": "Særtjenester"}
DRG_SOURCE = {"main_episode": "hovedepisodens DRG", "npk": "NPKs gruppering av oppholdet"}
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

# Reasons of the funnel, in the order in which they are shown; what is counted comes last.
REASON = {
    "not_finished_in_period": Word("§3.1, §3.2.1 c", "ikke avsluttet i leveransens periode"),
    "not_resident": Word("§3.2.1 b, §4.2", "pasienten er ikke bosatt i Norge"),
    "unknown_municipality": Word("§4.2", "bostedskommune mangler eller er ukjent"),
    "unit_not_isf": Word("§3.2.1 f, §4.4", "enheten er ikke meldt som ISF-enhet (isfRefusjon er ikke 1)"),
    "debitor_not_isf": Word("§3.2.1 i, §4.5, §4.6", "debitor mangler, er ukjent eller gir ikke ISF"),
    "dead_on_arrival": Word("§4.11", "død ved ankomst"),
    "radiotherapy_inpatient": Word("§5.2.4", "kontakt for inneliggende pasient (omsorgsnivå 8)"),
    "reports_service": Word("§4.19, §4.20, §5.3.3", "melder bare en særtjeneste og danner ikke opphold"),
    "no_eligible_personnel": Word("§7.8, §7.18", "mangler utførende helsepersonell som gir ISF"),
    "ungrouped": Word("§3.2.1 d", "DRG mangler eller står ikke i årets tabell"),
    "credited": Word("§7.7", "H-resept som er kreditert, eller selve krediteringen (negativt beløp)"),
    "missing_indication": Word("§7.7", "H-resept uten gyldig indikasjon (ICD-10)"),
    "no_service": Word("§7.7", "ingen særtjenestegruppe passer"),
    "included": Word("§3.1", "med i beregningsgrunnlaget"),
}

STAY = {
    "hospital_stay": Word("", "sykehusopphold"),
    "outpatient_stay": Word("", "polikliniske opphold"),
    "phv_inpatient": Word("§3.2.3 c", "innlagte i PHV/TSB (rammefinansiert, 0 poeng)"),
    "merged_into_another": Word("§7.18, §8.2", "episoder slått sammen med et annet opphold"),
}

SERVICE = {
    "counted": Word("§7.18", "tellende"),
    "exclusive_group": Word("§7.7", "teller ikke: en annen STG i samme gruppe teller for pasienten i året"),
    "missing_indication": Word("§7.7", "gir 0 poeng: gyldig indikasjon mangler"),
    "merged_into_first": Word("", "gjentakelser i samme periode, talt én gang"),
}

# Why an episode is in its stay; keys may be followed by a code (`hdg 6`, `exception_drg …`).
MERGE = {
    "alone": Word("§7.18, §8.2", "eneste episode i oppholdet"),
    "department_stay": Word("§7.18, §8.2", "avdelingsopphold som henger sammen i tid"),
    "contact_during_hospital_stay": Word("§7.18, §8.2", "kontakt under et sykehusopphold"),
    "day": Word("§7.18", "kontakt samme dag ved samme institusjon"),
    "hdg": Word("§7.18", "lege-/tannlegekontakter i ulike HDG holdes fra hverandre"),
    "exception_drg": Word("§7.18, §8.2", "DRG unntatt fra sammenslåing"),
    "day_programme": Word("§8.2", "strukturert dagtilbud: alle dagens kontakter er ett opphold"),
    "direct": Word("§8.2", "direkte kontakt samme dag"),
    "indirect": Word("§8.2", "indirekte kontakt samme dag"),
}

# Rules of the ledger that have no paragraph of their own to be known by.
RULE = {
    "drg_base": "DRG-basis",
    "stg_base": "STG-basis",
    "tfg_base": "TFG-basis",
    "tfg_member": "i forløp",
    "phv_inpatient": "innlagt i PHV/TSB",
}

# What a parameter of a rule is called, beside the rule's title.
PARAMETER = {
    "points": "poeng",
    "trim_above": "trimpunktet må være over (døgn)",
    "days_after_trim": "døgn etter trimpunktet før det telles",
    "max_days": "høyst så mange dager",
    "min_days": "minst så mange dager",
    "regional_threshold": "grense for andelen komplekse opphold",
    "stay_gap_minutes": "høyst så mange minutter mellom episoder i et opphold",
    "below_minutes": "varighet under (minutter)",
    "to_age": "til og med alder (år)",
}

# What a settlement was run with, as its manifest names it.
OPTION = {
    "accept_empty": "publiser uten episoder",
    "accept_quarantine": "godta for mange rader i karantene",
    "definitions": "definisjonstabeller",
    "definitions_sha256": "definisjonstabellenes SHA-256",
    "definitions_year": "definisjonstabellenes år",
    "drg_source": "DRG på oppholdet",
    "group_episodes": "grupper også episodene",
}
PROGRAM = {"version": "versjon", "source_sha256": "kildekodens SHA-256"}

# Units of parameters, as the rule sets name them.
PARAMETER_UNIT = {
    "ICD-10": "ICD-10",
    "activity year minus birth year": "aktivitetsår minus fødselsår",
    "days": "døgn",
    "minutes": "minutter",
    "month": "måned",
    "organisation number": "organisasjonsnummer",
    "patients": "pasienter",
    "per cent of the quartile range": "prosent av kvartilavstanden",
    "points": "poeng",
    "points per patient and year": "poeng per pasient og år",
    "procedure": "prosedyre",
    "share of a month's points": "andel av månedens poeng",
    "share of the hidden value": "andel av den skjulte verdien",
    "share of the rows of a file": "andel av radene i en fil",
    "stays over night": "døgnopphold",
    "units": "enheter",
    "years before the activity year": "år før aktivitetsåret",
}

# Reasons of quarantine (docs/delivery.md).
QUARANTINE = {
    "wrong_field_count": "raden har feil antall felt",
    "missing_required": "påkrevd verdi mangler",
    "unparsable_required": "påkrevd verdi kan ikke leses",
    "value_not_listed": "verdien er ikke blant de tillatte",
    "duplicate_id": "id finnes flere ganger i fila",
    "ends_before_start": "slutter før den begynner",
    "parent_absent": "episoden raden hører til finnes ikke",
    "parent_quarantined": "episoden raden hører til er i karantene",
}


def sector(code: str) -> str:
    """The sector in full."""
    return SECTOR.get(code, code)


def sector_short(code: str) -> str:
    """The sector in a table."""
    return SECTOR_SHORT.get(code, code)


def merge(merge_reason: str) -> Word:
    """What a stay_episode.merge_reason means, with the code it ends in, if any."""
    kind, _, code = merge_reason.partition(" ")
    paragraph, text = MERGE[kind]
    return Word(paragraph, f"{text} ({code})" if code else text)


def drg_source(options: dict) -> str:
    """What the DRG of a stay is, in the words of the options of a run."""
    if options.get("definitions"):
        episodes = ", episodene også" if options.get("group_episodes") else ""
        return f"definisjonstabellene {options['definitions']} (gruppert på nytt{episodes})"
    return DRG_SOURCE.get(options.get("drg_source") or "", "")


def rules(codes: str) -> str:
    """What rules are called where they stand beside each other: by their paragraphs, or in words."""
    return ", ".join(RULE.get(code, code) for code in codes.split(", "))


def quarantine(reason: str) -> str:
    """Why rows were quarantined."""
    return QUARANTINE.get(reason, reason)


def tertial(number: int) -> str:
    """`1. tertial`."""
    return f"{number}. tertial"


def delivery(number: int) -> str:
    """Which of the tertial's deliveries this is."""
    return {1: "første leveranse", 2: "endelig leveranse"}.get(number, f"leveranse {number}")
