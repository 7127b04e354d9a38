"""Makes docs/regler/ from the register, the SQL and the cases: `python -m tests.cases.document`."""

from __future__ import annotations

import re
from decimal import Decimal

from pipelines.explain.paragraph import PAGES, paragraphs
from pipelines.explain.paragraph_text import markdown
from pipelines.rules import load as rulesets
from tests.cases.casebook import NESTED, Case, load_files, stamp

INTRO = """# Reglene, paragraf for paragraf

Hver side har regelen i ord, parametrene med kilde, filene der den beregnes, kontrollene som følger den, og
tilfellene: hva som er rapportert, og hvilke poengposter det skal gi – alle postene, verken flere eller færre. De samme
tilfellene kjøres mot programmet som prøver. Sidene lages av registeret, `sql/` og `tests/cases/` med `make docs`.
Sammenhengen står i [regelverket slik det beregnes](../regelverk.md); `isf rules 7.14` viser det samme i terminalen.

**Slik leses et tilfelle.** Bare det som betyr noe for regelen, er skrevet. Ellers gjelder: én pasient
(P, født 1970, bosatt i Oslo), én institusjon og ett behandlende helseforetak (Oslo universitetssykehus
HF), en enhet som inngår i ISF, debitor 1, lege som utførende på kontakter, hovedtilstand J189 (F329 i
psykisk helsevern og TSB), øyeblikkelig hjelp på avdelingsopphold. A er avdelingsopphold, K er kontakt.
Datoer uten klokkeslett er rapportert uten klokkeslett. Oppholdet har samme id som sin første episode; en
særtjeneste heter gruppe|pasient|periode, et forløp gruppe|pasient|periode eller gruppe|pasient|utløsende
opphold.

| regel i poengposten | betyr |
|---|---|
| `drg_base`, `stg_base`, `tfg_base` | basispoengene til DRG, STG eller TFG |
| `tfg_member` | oppholdet eller særtjenesten inngår i et forløp og settes til 0 |
| `phv_inpatient` | avdelingsopphold i psykisk helsevern og TSB settes til 0 |
| et paragrafnummer | tillegg eller fradrag etter paragrafen i ISF-regelverket |
"""

REASONS = {
    "not_finished_in_period": "ikke avsluttet i perioden",
    "not_resident": "ikke bosatt i Norge",
    "unknown_municipality": "ukjent kommune",
    "unit_not_isf": "enheten inngår ikke i ISF",
    "debitor_not_isf": "annen finansiering (debitor)",
    "dead_on_arrival": "død ved ankomst",
    "radiotherapy_inpatient": "poliklinisk kontakt for inneliggende pasient",
    "reports_service": "melder bare en særtjeneste",
    "no_eligible_personnel": "ingen utførende i godkjent personellgruppe",
    "ungrouped": "uten DRG som inngår",
    "credited": "kreditert, eller selv en kreditering",
    "included": "inngår",
}
STATUSES = {
    "counted": "telles",
    "exclusive_group": "telles ikke, en annen i gruppen har flere poeng",
    "missing_indication": "mangler gyldig indikasjon",
}
SETTLEMENTS = {
    "oppgjor_rhf": "oppgjør per RHF",
    "oppgjor_hf": "oppgjør per HF",
    "oppgjor_rhf_maned": "oppgjør per RHF og måned",
    "oppgjor_hf_maned": "oppgjør per HF og måned",
    "gjestepasienter": "HF og bostedets RHF",
}
KINDS = {"opphold": "opphold", "sertjeneste": "særtjeneste", "forlop": "forløp", "region": "region"}
HEADINGS = {
    "stedAktivitet": "sted",
    "utskrKlarDato": "utskrivningsklar",
    "utlevering": "ICD-10 ved utlevering",
    "resept": "ICD-10 på resepten",
    "dato": "utlevert",
    "komNrHjem": "bosted",
    "fodselsar": "født",
    "innmateHast": "hastegrad",
    "kontaktType": "kontakttype",
    "maned": "måned",
    "belop": "beløp",
}
TRAITS = {"gruppe": "gruppe", "hf": "behandlende HF", "bosted": "sørge-for-RHF", "sektor": "sektor"}


def render(files: list[dict]) -> dict[str, str]:
    """File name → page: one per paragraph, and `README.md`, which lists them."""
    ruleset = rulesets.read(rulesets.newest_final())
    by_paragraph: dict[str, list[dict]] = {}
    for file in files:
        by_paragraph.setdefault(file["paragraf"], []).append(file)
    pages, index = {}, [INTRO, "\n| § | | filer i sql/ | tilfeller | kontroller |\n|---|---|---:|---:|---:|\n"]
    for paragraph in paragraphs(ruleset):
        own = by_paragraph.pop(paragraph.number, [])
        cases = [case for file in own for case in file["cases"]]
        # A paragraph that nothing is computed, checked or tried for has its line in the list and no page.
        has_page = bool(paragraph.sql or paragraph.checks or paragraph.parameters or cases)
        if has_page:
            pages[paragraph.page] = "\n".join([markdown(paragraph), *(_cases(file) for file in own)]).rstrip() + "\n"
        shown = f"[{paragraph.number}]({paragraph.page})" if has_page else paragraph.number
        index.append(
            f"| {shown} | {paragraph.title} | {len(paragraph.sql)} | {len(cases)} | {len(paragraph.checks)} |\n"
        )
    assert not by_paragraph, f"cases of paragraphs that nothing knows: {sorted(by_paragraph)}"
    return {"README.md": "".join(index), **pages}


def _cases(file: dict) -> str:
    return "".join([f"## Tilfeller: {file['tittel']}\n", *(_case(case) for case in file["cases"])])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _case(case: Case) -> str:
    parts = [f"\n### {case.title}\n\n"]
    settings = [] if case.delivery == "2025-T3-2" else [f"Leveranse {case.delivery}."]
    if case.drg_source.startswith("grouped:"):
        episodes = ", episodene også" if " " in case.drg_source else ""
        settings.append(f"Gruppert på nytt med de oppdiktede tabellene i `reference_data/grouper-example`{episodes}.")
    elif case.drg_source != "main_episode":
        settings.append("Kjørt med registerets egen oppholds-DRG.")
    if case.ruleset:
        settings.append(f"Regelsett {case.ruleset}.")
    if settings:
        parts.append(" ".join(settings) + "\n\n")
    parts += [_given(case), _expected(case), f"*Hvorfor:* {_one_line(case.why)}\n"]
    return "".join(parts)


def _table(head: list[str], body: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n\n"


def _given(case: Case) -> str:
    year, out = case.delivery[:4], ""
    if case.episodes:
        keys = list(dict.fromkeys(key for row in case.episodes.values() for key in row))
        if len(case.episodes) == 1:
            keys = [key for key in keys if key != "pasient"]
        first = [key for key in ("pasient", "sektor", "type", "inn", "ut", "drg") if key in keys]
        keys = first + [key for key in keys if key not in first]
        body = []
        for ids, row in _grouped(case.episodes):
            body.append([ids] + [_cell(key, row.get(key), year) for key in keys])
        out += _table(["episode", *_headings(keys)], body)
    if case.units:
        keys = list(dict.fromkeys(key for row in case.units.values() for key in row))
        out += _table(["enhet", *keys], [[u, *(str(r.get(k, "")) for k in keys)] for u, r in case.units.items()])
    if case.prescriptions:
        keys = list(dict.fromkeys(key for row in case.prescriptions.values() for key in row))
        head = ["H-resept", *_headings(keys)]
        body = [[u, *(_cell(k, r.get(k), year) for k in keys)] for u, r in case.prescriptions.items()]
        out += _table(head, body)
    if case.advances:
        keys = list(case.advances[0])
        out += _table(["à konto", *_headings(keys)[1:]], [[row.get(k, "") for k in keys] for row in case.advances])
    return out


def _headings(keys: list[str]) -> list[str]:
    return [HEADINGS.get(key, key) for key in keys]


def _grouped(episodes: dict[str, dict]) -> list[tuple[str, dict]]:
    """C1..C9 that differ in nothing but the patient are one line."""
    lines: list[tuple[list[str], dict]] = []
    for name, row in episodes.items():
        bare = {**row, "pasient": "egen"} if row.get("pasient") == name else row
        if lines and lines[-1][1] == bare and "antall" not in bare and bare.get("pasient") == "egen":
            lines[-1][0].append(name)
        else:
            lines.append(([name], bare))
    return [(names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}", row) for names, row in lines]


def _cell(key: str, value, year: str) -> str:
    if value is None:
        return ""
    if key in NESTED or isinstance(value, list):
        return ", ".join(f"{v['kode']} (nr. {v['tilstNr']})" if isinstance(v, dict) else v for v in value) or "ingen"
    if key in ("inn", "ut", "utskrKlarDato", "dato"):
        iso = stamp(value, year)
        dated = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:T(.*))?", iso)
        if dated:
            y, m, d, clock = dated.groups()
            return f"{d}.{m}.{y}" + (f" kl. {clock}" if clock else "")
        return f"kl. {value}" if ":" in value else value
    return value


def _expected(case: Case) -> str:
    if not case.expected:
        return "Ingen poengposter.\n\n" + _extra(case)
    units: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
    for (kind, unit, rule), points in case.expected.items():
        units.setdefault((kind, unit), []).append((rule, points))
    body = [
        [names, "; ".join(f"{_rule(rule)} {_points(points)}" for rule, points in rules), _sum(rules)]
        for names, rules in _merged(units)
    ]
    return _table(["enhet", "poengposter", "sum"], body) + _extra(case)


def _rule(rule: str) -> str:
    return f"§ {rule}:" if rule[0].isdigit() else f"`{rule}`"


def _sum(rules: list[tuple[str, Decimal]]) -> str:
    return _points(sum(points for _, points in rules))


def _merged(units: dict) -> list[tuple[str, list]]:
    """Units of a kind with the same rows are one line."""
    lines: list[tuple[list, list]] = []
    for (kind, unit), rules in units.items():
        if lines and lines[-1][1] == rules and lines[-1][0][0] == kind:
            lines[-1][0].append(unit)
        else:
            lines.append(([kind, unit], rules))
    return [(f"{KINDS[names[0]]} {_ids(names[1:])}", rules) for names, rules in lines]


def _ids(ids: list[str]) -> str:
    """C1, C2, C3, C4 → C1–C4; others with commas."""
    found = [re.fullmatch(r"(\D+)(\d+)", one) for one in ids]
    if len(ids) > 2 and all(found) and len({f[1] for f in found}) == 1:
        numbers = [int(f[2]) for f in found]
        if numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            return f"{ids[0]}–{ids[-1]}"
    return ", ".join(ids)


def _points(value: Decimal) -> str:
    return f"{value:.3f}".replace(".", ",").replace("-", "−")


def _extra(case: Case) -> str:
    lines, checks = [], case.checks
    for ids, reason in checks.get("arsak", {}).items():
        lines.append(f"{ids}: {REASONS.get(reason, reason)} (`{reason}`)")
    for ids, reason in checks.get("linje", {}).items():
        lines.append(f"linje {ids}: {REASONS.get(reason, reason)} (`{reason}`)")
    for stay, members in checks.get("opphold", {}).items():
        lines.append(f"opphold {stay} består av {', '.join(members)}")
    for heading, traits in checks.get("kjennetegn", {}).items():
        kind, _, ids = heading.partition(" ")
        told = ", ".join(f"{TRAITS[name]} {value}" for name, value in traits.items())
        lines.append(f"{KINDS[kind]} {ids}: {told}")
    for service, status in checks.get("sertjeneste", {}).items():
        lines.append(f"særtjeneste {service}: {STATUSES.get(status, status)}")
    for pathway, members in checks.get("forlop", {}).items():
        lines.append(f"forløp {pathway} omfatter {', '.join(members) or 'ingen'}")
    for file, number in checks.get("karantene", {}).items():
        lines.append(f"i karantene: {number} av radene i `{file}`")
    out = "".join(f"- {line}\n" for line in lines) + ("\n" if lines else "")
    for name, label in SETTLEMENTS.items():
        table = checks.get(name, {})
        columns = list(dict.fromkeys(column for row in table.values() for column in row))
        if table:
            body = [[key, *(_figure(row.get(c, "")) for c in columns)] for key, row in table.items()]
            out += _table([label, *columns], body)
    return out


def _figure(value: str) -> str:
    return value.replace(".", ",").replace("-", "−") if re.fullmatch(r"-?[\d.]+", value) else value


def main() -> None:
    pages = render(load_files())
    PAGES.mkdir(exist_ok=True)
    for old in PAGES.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    print(f"wrote {len(pages)} pages in {PAGES}")


if __name__ == "__main__":
    main()
