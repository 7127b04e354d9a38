"""`docs/quality/`: a page per check, written from the catalogue and its SQL; `python -m pipelines.quality.docs`.

A test fails when a page is not what this writes.
"""

from pathlib import Path

from pipelines.quality import catalogue, words
from pipelines.quality.catalogue import Check

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "quality"
LEVEL = {"share": "andel", "volume": "mengde", "level": "nivå", "bunching": "opphopning", "test": "prøve"}


def pages() -> dict[str, str]:
    """File name → text of every page."""
    found = {f"{check.id}.md": page(check) for check in catalogue.checks()}
    return {"README.md": index(), **found}


def index() -> str:
    """The list of checks, and how results are judged."""
    lines = [
        "# Kvalitetskontrollene",
        "",
        "Skrevet av `python -m pipelines.quality.docs` fra katalogen `expectations/quality/` og spørringene i"
        " `sql/quality_check/`.",
        "",
        "## Slik brukes kontrollene",
        "",
        "```",
        "isf quality 2025-T1-2                      # en oppgjort leveranse, eller mappen til en leveranse",
        "isf quality 2025-T1-2 --answers svar.csv   # med svarene fra et sykehus, CSV eller arbeidsbok",
        "isf quality 2025-T1-2 --unpublished        # av det som sist ble beregnet uten å bli publisert",
        "```",
        "",
        "En mappe blir først oppgjort. Kan oppgjøret ikke publiseres (for mange rader i karantene, ingen episoder),"
        " lages rapportene likevel av det som ble beregnet: siden, arbeidsboken og manifestet sier «ikke publisert»,"
        " og lageret og det publiserte oppgjøret blir stående.",
        "",
        "Målingen ligger i `<hjem>/quality/<leveranse>.duckdb` og gjøres om igjen bare når lageret, spørringene eller"
        " parameterne er endret. Rapportene ligger i `<hjem>/published/<leveranse>-kvalitet/`, ved siden av oppgjøret,"
        " fordi en publisert oppgjørsmappe aldri endres; nye svar eller grenser gir en ny revisjon (`-r2`):",
        "",
        "| hva | hvor |",
        "|---|---|",
        "| et sykehus' side, arbeidsbok og CSV, bare med egne rader | `<hf_orgnr>/kvalitet.html`, `kvalitet.xlsx`,"
        " `funn.csv` |",
        "| oversikt med tall, for direktoratet | `direktoratet/oversikt.html`, `kontroller.csv`, `makro.csv` |",
        "| oversikt for alle: merker, ingen tall | `nasjonalt/oversikt.html`, `kontroller.csv`, `makro.csv` |",
        "| kontroller av resultatene selv, og av oppgjøret mot forrige leveranse: bare for direktoratet |"
        " `direktoratet/kontroller.html` |",
        "| bare for direktoratet: rader som et sykehus har bekreftet selv om de kan være betalt for mye |"
        " `direktoratet/bekreftet_overbetaling.csv` |",
        "| hva rapportene er laget av, og hash av hver fil | `manifest.json` |",
        "",
        "## Svarene",
        "",
        "Et sykehus svarer i `kvalitet.xlsx` eller `funn.csv`: kolonnen `svar` fylles ut, `kommentar` etter behov"
        " (inntil 2 000 tegn), og filen sendes tilbake.",
        "",
        "| svar | virkning |",
        "|---|---|",
        "| `rettet` | raden forsvinner når neste leveranse viser rettelsen |",
        "| `bekreftet` | raden er rett som den er. En rad på nivået rimelighet telles da ikke så lenge den meldte"
        " verdien er den samme; kan den være betalt for mye, står den på direktoratets liste. På andre nivåer"
        " telles raden fortsatt: det som mangler eller ikke kan leses, kan ikke være rett |",
        "| `kan ikke` | feilen lar seg ikke rette; raden telles |",
        "| `trukket` | et tidligere svar om raden tas bort, også når raden ikke lenger er et funn |",
        "",
        "Utviklingstrekkene (nivå macro) står sist i `Funn` og `funn.csv` med radtypen `maling` og besvares likedan. "
        "`bekreftet` krever da en forklaring i `kommentar`, og gjelder målingen i denne leveransen: i den neste står "
        "svaret ved målingen, som telles på nytt, for den kan ha flyttet seg. Svaret for hver "
        "leveranse tas vare på, og `trukket` tar bort svaret for denne. Meldt `rettet` for en tidligere leveranse og "
        "fortsatt der står som «meldt rettet, men står der ennå», som for rader.",
        "",
        "## Historikk",
        "",
        "Radene sammenlignes med forrige leveranse i månedene begge har (perioden, ikke navnet, avgjør hvilken som er "
        "forrige): `ny`, `fra før`, `kom tilbake` (borte i forrige, der i en tidligere i år), `ny måned` (i måneder "
        "forrige leveranse ikke har) og rettet (et funn i forrige, ikke nå). En kontroll som ikke lot seg "
        "kjøre, har ingen historikk: feilet den nå, er ingen rad rettet; feilet den i forrige, er ingen rad ny. "
        "Bekreftede rader telte ikke og regnes ikke som rettet. En kontroll der alt er rettet, står på "
        "siden som rettet, med id-ene. Beløp sammenlignes per måned og i promille av HF-ets refusjon, så en leveranse "
        "med flere måneder ikke ser dyrere ut; en leveranse under et annet regelsett navngis, og beløpene "
        "sammenlignes da ikke; rettede rader står da uten kroner.",
        "",
        "Hver linje har pakkens kode, `pakkekode`: en HMAC av leveransen, sykehuset og det pakken handler om, med "
        "nøkkelen `<hjem>/answer.key`. Nøkkelen lages én gang og kan bare leses av eieren; går den tapt, må nye "
        "pakker sendes. Filen avvises hel (utgangskode 2), med linjenummer for hver feil, når koden mangler eller "
        "er feil på en besvart linje, samme rad er besvart to ganger, svaret er ukjent eller raden er et annet "
        "sykehus'. En linje om en rad som ikke lenger er et funn, forbigås og nevnes; resten tas imot. Svarene "
        "ligger i `<hjem>/quality/answers.duckdb`, ett per rad og kontroll (for målinger ett per leveranse), følger "
        "raden til senere leveranser og står med kommentaren i neste pakke.",
        "",
        "## Slik leses et resultat",
        "",
        "Hver kontroll gir rader som feiler, per HF, institusjon og avdeling: teller, nevner, andel, poeng og kroner"
        " på spill. Positive poeng er det raden ville gitt om feilen var rettet, negative det som kan være betalt for"
        " mye.",
        "",
        "Poengene er regnet ved å rette raden, alene, og gjøre opp pasienten på nytt med samme regler, særtjenester,"
        " tillegg og forløp medregnet. `sql/quality_repair/change/` har én fil for hver måte å rette på. Der rettingen"
        " er usikker, prøves flere verdier: poengene er gjennomsnittet, vektet etter hvor ofte verdiene ellers meldes,"
        " og «fra–til» den laveste og den høyeste. Trekket i §7.2.1 gjelder et RHF og er ikke med. Har en pasient"
        " flere funn i samme kontroll, gjøres pasienten også opp med alle rettet: gir de sammen mindre enn hver for"
        " seg, fordi de ville gitt den samme særtjenesten, deler de den. Der hver har én måte å rettes på, er summen"
        " det som kan hentes; der flere prøves, er den et anslag. «Fra–til» når da hele særtjenesten.",
        "",
        "Registrene over ICD-10, prosedyrekoder og ATC legges inn med `isf register`; uten dem er kontrollene som bare"
        " kan avgjøres med et register, ikke aktuelle («register mangler»).",
        "",
        "Statusen er den første som passer:",
        "",
        "| status | når |",
        "|---|---|",
        "| `error` (feilet) | spørringen lot seg ikke kjøre; de andre kontrollene går videre |",
        "| `not_applicable` (ikke aktuelt) | enheten har ingen rader kontrollen gjelder, og ingen funn |",
        "| `fail` (over grensen) | det feiler flere enn grensen og tilfeldigheter forklarer (binomisk, 1 av 100) |",
        "| `pass_with_rows` (funn) | noen rader feiler, men ikke så mange |",
        "| `pass` (uten funn) | ingen rader feiler |",
        "",
        "Grensene brukes etter målingen: en endret grense trenger ikke ny måling. En kontroll på prøve rapporteres,"
        " men er ikke med i hovedtallene. I hovedtallene er hver rad regnet én gang, med den kontrollen som har mest"
        " på spill. En rad sykehuset har bekreftet, telles ikke så lenge verdien er den samme.",
        "",
        "Utviklingstrekkene måler andeler, nivåer og mengder. Et HF sammenlignes med lignende HF (samme slag, minst"
        " fem), med seg selv i fjor, og med sine egne tidligere måneder i samme leveranse, også per avdeling. Grensene"
        " følger antallet: små enheter får vide grenser. Spredningen mellom enhetene er regnet med, og av alle funn"
        " sammen er høyst ett av hundre ventet å være tilfeldig (q under 0,01). Et funn må også være større enn"
        " `change`. Persentilen sier hvor HF-et ligger blant de lignende.",
        "",
    ]
    for tier in catalogue.tiers():
        lines += [f"## {tier.title}", "", tier.text, "", "| kontroll | § | grense |", "|---|---|---:|"]
        for check in tier.checks:
            limit = f"endring {_number(check.change)}" if check.is_macro else _percent(check.threshold)
            mark = " (på prøve)" if check.trial else ""
            lines.append(f"| [{check.title}]({check.id}.md){mark} | {check.paragraph} | {limit} |")
        lines.append("")
    return "\n".join(lines)


def page(check: Check) -> str:
    """A check's page."""
    facts = [
        ("Id", f"`{check.id}`"),
        ("Nivå", words.TIER[check.tier]),
        ("Alvor", check.severity),
        ("Paragraf", f"§{check.paragraph}"),
        ("Enhet", words.UNIT[check.unit]),
    ]
    if check.is_macro:
        facts += [
            ("Slag", LEVEL[check.kind]),
            ("Tillatt endring", _number(check.change)),
            *([("Mot andre HF", "ja" if check.by_peers else "vises, vurderes ikke")] if check.kind == "share" else []),
            *([("Minste antall", _number(check.least))] if check.least else []),
            ("Retning", {"both": "begge", "high": "høy", "low": "lav"}[check.direction]),
        ]
    else:
        facts += [
            ("Nevner", words.DENOMINATOR[check.denominator]),
            ("Retting", _repair(check)),
            ("Grense", _percent(check.threshold)),
        ]
    if check.trial:
        facts.append(("På prøve", "ja: rapporteres, men telles ikke"))
    lines = [f"# {check.title}", "", check.definition, "", "| | |", "|---|---|"]
    lines += [f"| {label} | {value} |" for label, value in facts]
    for heading, text in (
        ("Hvorfor det betyr noe", check.why),
        ("Råd til den som koder", check.coder),
        ("Råd til IT", check.it),
        ("Slik er poengene regnet", check.points),
    ):
        lines += ["", f"## {heading}", "", text]
    if check.parameters:
        lines += ["", "## Parametere", "", "| parameter | verdi |", "|---|---|"]
        for name, value in check.parameters.items():
            shown = ", ".join(map(str, value)) if isinstance(value, list) else value
            lines.append(f"| `{name}` | {shown} |")
    place = check.sql.relative_to(ROOT).as_posix()
    lines += ["", "## Spørringen", "", f"[{place}](../../{place})", ""]
    return "\n".join(lines)


def _repair(check: Check) -> str:
    if check.repair == catalogue.NO_REPAIR:
        return "ingen"
    path = catalogue.repairs()[check.repair].file.relative_to(ROOT).as_posix()
    return f"[{'sikker' if check.certain else 'usikker'}](../../{path})"


def _number(value) -> str:
    return f"{value:f}".replace(".", ",")


def _percent(value) -> str:
    return f"{(100 * value).normalize():f}".replace(".", ",") + " %"


def main() -> None:
    """Write every page, and remove those of checks that are gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in found:
            path.unlink()
    for name, text in found.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
