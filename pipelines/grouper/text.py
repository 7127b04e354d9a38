"""What `isf grouper` and `isf group` show on the terminal, in Norwegian."""

from typing import Any

from pipelines.grouper.sets import DefinitionSet

RETURN_CODES = {
    "0": "gruppert",
    "1": "hovedtilstand mangler eller kan ikke brukes",
    "2": "kjønn mangler",
    "3": "kjønn passer ikke til diagnosen",
    "4": "for ung for diagnosen",
    "5": "for gammel for diagnosen",
    "6": "umulig alder",
    "7": "sjelden eller feil kombinasjon av diagnose og prosedyre",
    "8": "hovedtilstanden kan ikke brukes",
    "9": "annen feil",
    "A": "operasjon for hemangiom",
    "B": "uspesifisert eller umulig prosedyre",
}
FINDINGS = {
    "short_string": "strengen har færre enn 165 felter",
    "more_than_a_pair": "en diagnose har flere enn to koder; de siste er ikke brukt",
    "second_code_alone": "en kode nummer to står uten kode nummer én og er ikke brukt",
    "sex_unknown": "kjønn er ukjent",
    "discharge_unknown": "utskrivningsmåten er ukjent",
    "age_missing": "alder mangler og er regnet som 0",
    "age_invalid": "alder er ikke et helt tall og er regnet som 0",
    "age_negative": "alder er negativ",
    "duration_missing": "varighet mangler og er regnet som 0",
    "duration_invalid": "varighet er ikke et helt tall og er regnet som 0",
    "duration_negative": "varighet er negativ",
    "no_rule": "ingen regel passer",
}
SET_FINDINGS = {
    "drg_without_name": "DRG uten rad i drgnames, så HDG er ukjent",
    "property_never_given": "egenskaper som regler ber om og ingen kode gir",
    "rule_never_wins": "regler som aldri kan vinne, fordi en tidligere regel ber om det samme eller mindre",
    "no_last_rule": "siste regel ber om noe, så et tilfelle kan bli uten regel",
    "one_procedure_is_both": "regler der én prosedyre har begge egenskapene; da må det være to prosedyrer",
    "complication_never_given": "rader i complcat som ingen kode gir",
}
FEATURES = {
    "PDGPRO": "egenskap ved hovedtilstanden",
    "DGPROP": "diagnoseegenskap",
    "PROCPR": "prosedyreegenskap",
    "OR": "operasjon",
    "COMPL": "komplikasjon",
    "CC": "komplikasjonsnivå av prosedyre",
}
CRITERIA = {
    "icd": "hovedtilstand",
    "mdc": "hoveddiagnosekategori (MDC)",
    "dgcat1": "diagnosekategori",
    "pdgprop": "egenskap ved hovedtilstanden",
    "or": "operasjon",
    "procpro1": "prosedyreegenskap",
    "secproc1": "prosedyreegenskap, en til",
    **{f"dgprop{number}": f"diagnoseegenskap {number}" for number in range(1, 5)},
    "agelim": "alder i dager",
    "dur": "varighet",
    "compl": "komplikasjonsnivå",
    "sex": "kjønn",
    "disch": "utskrivningsmåte",
    "procpro1 and secproc1": "to prosedyrer med hver sin egenskap",
}
VERDICTS = {
    "counts": "teller",
    "struck": "teller ikke for denne hovedtilstanden",
    "inactive": "ikke aktivert",
}
SEX = {"1": "mann", "2": "kvinne"}
DISCHARGE = {"E": "død", "R": "til et annet sykehus", "H": "ut i live"}
OPERATIONS = ("ingen", "1", "2", "1 og 2")


def set_text(definitions: DefinitionSet) -> str:
    """One definition set: what it holds and what is odd about it."""
    rows = ", ".join(f"{name} {number:,}".replace(",", " ") for name, number in definitions.rows.items())
    lines = [
        f"{definitions.id}: definisjonstabeller for {definitions.year}, fra {definitions.source}",
        f"  {rows}",
        f"  sha256 {definitions.sha256[:16]}",
    ]
    for finding in definitions.findings:
        words = SET_FINDINGS.get(finding["finding"], finding["finding"])
        lines.append(f"  merk: {words} ({finding['number']}): {_short(finding['examples'])}")
    return "\n".join(lines)


def sets_text(found: list[DefinitionSet]) -> str:
    return "\n".join(map(set_text, found)) or "Ingen definisjonstabeller er lest inn."


def _short(text: str, most: int = 200) -> str:
    return text if len(text) <= most else text[:most].rsplit(",", 1)[0] + ", …"


def results_text(results: list[dict[str, Any]]) -> str:
    """A table of results: a line per case."""
    head = ("id", "DRG", "regel", "returkode", "MDC", "HDG")
    cells = [head] + [
        tuple(str(one[name] or "–") for name in ("id", "drg", "ord", "rtc", "mdc", "hdg")) for one in results
    ]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(lines)


def summary_text(number: int, findings: dict[str, int]) -> str:
    """How many cases were grouped, and how many of them have which finding."""
    lines = [f"{number:,} tilfeller gruppert".replace(",", " ")]
    lines += [f"  {FINDINGS.get(name, name)}: {count}" for name, count in findings.items()]
    return "\n".join(lines)


def explanation(one: dict[str, Any], definitions: DefinitionSet) -> str:
    """One case: its group, its features, the rule's criteria, and the rules before it that failed by one criterion."""
    case = one["case"]
    meaning = RETURN_CODES.get(one["rtc"], "ukjent") if one["rtc"] else "ingen regel passer"
    lines = [
        f"{one['id']}: DRG {one['drg'] or '–'} ({one['loc_drg'] or '–'}), HDG {one['hdg'] or 'ukjent'}, "
        f"regel {one['ord'] or '–'}, returkode {one['rtc'] or '–'}: {meaning}",
        f"  definisjonstabeller {definitions.id}",
        f"  {SEX.get(case['sex'], 'kjønn ukjent')}, {case['age_days']} dager, "
        f"{DISCHARGE.get(case['discharge'], 'utskrivningsmåte ukjent')}, varighet {case['duration']}"
        + (" (poliklinisk)" if case["duration"] == 0 else ""),
        f"  diagnoser {' '.join(case['diagnoses']) or '–'}"
        + ("" if case["has_main"] else " (uten hovedtilstand)")
        + f"; prosedyrer {' '.join(case['procedures']) or '–'}",
        *[f"  merk: {FINDINGS.get(finding, finding)}" for finding in one["findings"]],
        "  Egenskaper:",
        f"    kategori {case['category'] or 'ingen'}, MDC {one['mdc'] or 'ingen'}, "
        f"operasjon {OPERATIONS[case['or_state']]}, komplikasjonsnivå {case['level']}",
        *[f"    {_feature(feature)}" for feature in one["features"]],
        "  Regelen ber om, og alt er oppfylt:" if one["criteria"] else "  Regelen ber ikke om noe.",
        *[f"    {criterion['criterion']} {criterion['value']}" for criterion in one["criteria"]],
    ]
    if one["nearest"]:
        lines.append("  Nærmeste tidligere regler, der ett kriterium ikke er oppfylt:")
        for rule in one["nearest"]:
            lines.append(f"    {rule['ord']} DRG {rule['drg']}: {rule['criterion']} {rule['value']}")
    return "\n".join(lines)


def _feature(feature: dict[str, str]) -> str:
    value, _, verdict = feature["value"].partition(" ")
    note = f" ({VERDICTS[verdict]})" if verdict else ""
    return f"{FEATURES[feature['kind']]} {value}{note}: {feature['codes']}"
