"""Norwegian texts for codes that people meet in reports: reasons, merges, statuses. Paragraphs are the regulation's."""

# Reason codes of the funnel (rulebook section 1 and 4): paragraph, text.
REASONS: dict[str, tuple[str, str]] = {
    "included": ("§3.1", "med i beregningsgrunnlaget"),
    "not_finished_in_period": ("§3.1, §3.2.1 c", "ikke avsluttet i leveransens periode"),
    "not_resident": ("§3.2.1 b, §4.2", "pasienten er ikke bosatt i Norge"),
    "unknown_municipality": ("§4.2", "bostedskommune mangler eller er ukjent"),
    "unit_not_isf": ("§3.2.1 f, §4.4", "enheten er ikke meldt som ISF-enhet (isfRefusjon er ikke 1)"),
    "debitor_not_isf": ("§3.2.1 i, §4.5, §4.6", "debitor mangler, er ukjent eller gir ikke ISF"),
    "dead_on_arrival": ("§4.11", "død ved ankomst"),
    "radiotherapy_inpatient": ("§5.2.4", "kontakt for inneliggende pasient (omsorgsnivå 8)"),
    "reports_service": ("§4.19, §4.20, §5.3.3", "melder bare en særtjeneste og danner ikke opphold"),
    "no_eligible_personnel": ("§7.8, §7.18", "mangler utførende helsepersonell som gir ISF"),
    "ungrouped": ("§3.2.1 d", "DRG mangler eller står ikke i årets tabell"),
    "credited": ("§7.7", "H-resept som er kreditert, eller selve krediteringen (negativt beløp)"),
    "missing_indication": ("§7.7", "H-resept uten gyldig indikasjon (ICD-10)"),
    "no_service": ("§7.7", "ingen særtjenestegruppe passer"),
}

# Why an episode is in its stay (rulebook section 2); keys may be followed by a code (`hdg 6`, `exception_drg …`).
MERGES: dict[str, tuple[str, str]] = {
    "alone": ("§7.18, §8.2", "eneste episode i oppholdet"),
    "department_stay": ("§7.18, §8.2", "avdelingsopphold som henger sammen i tid"),
    "contact_during_hospital_stay": ("§7.18, §8.2", "kontakt under et sykehusopphold"),
    "day": ("§7.18", "kontakt samme dag ved samme institusjon"),
    "hdg": ("§7.18", "lege-/tannlegekontakter i ulike HDG holdes fra hverandre"),
    "exception_drg": ("§7.18, §8.2", "DRG unntatt fra sammenslåing"),
    "day_programme": ("§8.2", "strukturert dagtilbud: alle dagens kontakter er ett opphold"),
    "direct": ("§8.2", "direkte kontakt samme dag"),
    "indirect": ("§8.2", "indirekte kontakt samme dag"),
}

SERVICE_STATUSES: dict[str, tuple[str, str]] = {
    "counted": ("§7.18", "tellende"),
    "exclusive_group": ("§7.7", "teller ikke: en annen STG i samme gruppe teller for pasienten i året"),
    "missing_indication": ("§7.7", "gir 0 poeng: gyldig indikasjon mangler"),
}

# Reasons of quarantine (delivery contract section 1).
QUARANTINE: dict[str, str] = {
    "wrong_field_count": "raden har feil antall felt",
    "missing_required": "påkrevd verdi mangler",
    "unparsable_required": "påkrevd verdi kan ikke leses",
    "value_not_listed": "verdien er ikke blant de tillatte",
    "duplicate_id": "id finnes flere ganger i fila",
    "ends_before_start": "slutter før den begynner",
    "parent_absent": "episoden raden hører til finnes ikke",
    "parent_quarantined": "episoden raden hører til er i karantene",
}


def merge_text(merge_reason: str) -> tuple[str, str]:
    """Paragraph and text of a stay_episode.merge_reason, with the code it ends in, if any."""
    kind, _, code = merge_reason.partition(" ")
    paragraph, text = MERGES[kind]
    return paragraph, f"{text} ({code})" if code else text
