"""Norwegian words of the quality reports for the codes of the results."""

STATUS = {
    "error": "Feilet",
    "not_applicable": "Ikke aktuelt",
    "fail": "Over grensen",
    "pass_with_rows": "Funn",
    "pass": "Uten funn",
}
STATUS_MARK = {"error": "?", "not_applicable": "–", "fail": "✗", "pass_with_rows": "!", "pass": "✓"}
TIER = {"structure": "Struktur", "validity": "Gyldighet", "plausibility": "Rimelighet", "macro": "Utviklingstrekk"}
ROW_TYPE = {
    "episode": "Episode",
    "hresept": "Utlevering",
    "enhet": "Enhet",
    "tilstand": "Tilstand",
    "prosedyre": "Prosedyre",
    "helseperson": "Helsepersonell",
    "takst": "Takst",
    "maling": "Måling",
}
ANSWER = {"corrected": "rettet", "confirmed": "bekreftet", "cannot": "kan ikke"}
STILL_THERE = "meldt rettet, men står der ennå"
HISTORY = {"new": "ny", "still": "fra før", "reappeared": "kom tilbake", "new_month": "ny måned"}
FIXED = "Rettet"
MEASURE = {
    "without_personnel": "uten tellende personell",
    "unknown_municipality": "ukjent bosted",
    "debitor_not_isf": "debitor utenfor ISF",
    "ungrouped": "ugrupperte",
    "ambulatory": "ambulante kontakter",
    "planned": "planlagte",
    "without_duration": "kontakter uten varighet",
    "at_midnight": "kontakter som begynner kl. 00:00",
    "on_the_hour": "kontakter som begynner på hel time",
    "same_day_stays": "opphold inn og ut samme dag",
    "with_secondary": "episoder med annen tilstand",
    "with_two_secondary": "episoder med to eller flere andre tilstander",
    "with_procedure": "episoder med prosedyre",
    "most_used_municipality": "mest brukte kommune",
    "most_used_main_condition": "mest brukte hovedtilstand",
    "most_used_time": "mest brukte klokkeslett",
    "complicated": "døgnopphold i DRG-er med komplikasjoner, av dem som finnes med og uten",
    "seen_before": "episoder av pasienter som har vært der de siste fire ukene",
    "points_for_condition": "poeng per opphold mot det hovedtilstandene gir i landet",
    "episode": "episoder",
    "hresept": "H-resept",
    "tilstand": "tilstander",
    "prosedyre": "prosedyrer",
    "helseperson": "helsepersonell",
}
BASIS = {"delivery": "forrige leveranse", "year": "samme måned i fjor", "months": "de andre månedene"}
NOT_PUBLISHED = "Ikke publisert: oppgjøret av denne leveransen er beregnet, men ikke publisert."
DENOMINATOR = {
    "episode": "episoder",
    "contact": "kontakter",
    "department_stay": "avdelingsopphold",
    "line": "utleveringer",
    "unit": "enheter",
    "discharge_ready": "opphold med utskrivningsklar dato",
    "long_stay": "lange opphold",
    "hours_matter": "opphold der timer avgjør",
    "dialysis": "dialyseepisoder",
    "group_treatment": "gruppebehandlinger",
    "medicine": "episoder med legemiddel",
    "registered_procedure": "episoder med prosedyrer, når registeret er lagt inn",
    "measure": "målinger",
}
UNIT = {"hf": "HF", "institusjon": "institusjon", "avdeling": "avdeling"}


def measure(code: str) -> str:
    """A measure in words; of a count per week the file and the number of weeks."""
    file, _, weeks = code.rpartition("_")
    if weeks.isdigit():
        return f"{MEASURE[file]}, {weeks} {'uke' if weeks == '1' else 'uker'}"
    return MEASURE.get(code, code)
