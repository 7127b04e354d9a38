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
}
ANSWER = {"corrected": "rettet", "confirmed": "bekreftet", "cannot": "kan ikke"}
STILL_THERE = "meldt rettet, men står der ennå"
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
