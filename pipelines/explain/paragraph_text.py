"""A paragraph as text for the terminal and as the upper part of its page, in Norwegian."""

from itertools import groupby

from pipelines.explain.paragraph import PAGES, ROOT, Paragraph

STATUS = {"computed": "beregnes", "data": "er data", "not_computable": "kan ikke beregnes av registerdata"}


def markdown(paragraph: Paragraph) -> str:
    """Rule, parameters, SQL files and checks as Markdown; the cases follow from `tests/cases`."""
    parts = [f"# §{paragraph.number} {paragraph.title}\n"]
    for rule in paragraph.rules:
        name = "" if rule["rule"] == paragraph.number else f" (`{rule['rule']}`)"
        parts.append(f"**{rule['title']}**{name} {_status(rule)} Kilde: {rule['source']}.\n")
    parts += [f"{file.text}\n" for file in paragraph.cases]
    parts += _table(
        "Parametre",
        ["regel", "parameter", "verdi", "forutsetning", "beskrivelse", "kilde"],
        [
            [
                f"`{rows[0]['rule']}`",
                f"`{rows[0]['parameter']}`",
                ", ".join(row["value"] for row in rows),
                "ja" if rows[0]["assumption"] else "",
                rows[0]["text_no"],
                rows[0]["source"],
            ]
            for rows in _parameters(paragraph)
        ],
    )
    parts += _table(
        "Der det beregnes",
        ["fil", "hva"],
        [
            [f"[{path}](../../{path})", model.header["what"]]
            for model in paragraph.sql
            for path in [model.file.relative_to(ROOT).as_posix()]
        ],
    )
    parts += _table(
        "Kvalitetskontroller",
        ["kontroll", "hva"],
        [[f"[{check.id}](../quality/{check.id}.md)", check.title] for check in paragraph.checks],
    )
    return "\n".join(parts)


def text(paragraph: Paragraph) -> str:
    """The same for the terminal."""
    lines = [f"§{paragraph.number} {paragraph.title}", ""]
    for rule in paragraph.rules:
        name = "" if rule["rule"] == paragraph.number else f" [{rule['rule']}]"
        lines.append(f"{rule['title']}{name}: {_status(rule)}")
        lines.append(f"  kilde: {rule['source']}")
    for file in paragraph.cases:
        lines += ["", f"{file.title}: {file.text}"]
    lines += _listed(
        "Parametre",
        [
            f"{rows[0]['rule']} {rows[0]['parameter']} = {', '.join(row['value'] for row in rows)}"
            f"{' (forutsetning)' if rows[0]['assumption'] else ''} – {rows[0]['source']}"
            for rows in _parameters(paragraph)
        ],
    )
    lines += _listed("Der det beregnes", [m.path.relative_to(ROOT).as_posix() for m in paragraph.sql if m.path])
    lines += _listed(
        "Tilfeller", [f"{file.path.relative_to(ROOT).as_posix()} ({file.cases})" for file in paragraph.cases]
    )
    lines += _listed("Kvalitetskontroller", [f"{check.id}: {check.title}" for check in paragraph.checks])
    page = PAGES / paragraph.page
    if page.is_file():
        lines += ["", f"Side: {page.relative_to(ROOT).as_posix()}"]
    return "\n".join(lines)


def _status(rule: dict) -> str:
    """What becomes of a rule, and why, as a sentence's end."""
    return f"{STATUS[rule['status']]}{': ' + rule['reason_no'] if rule['reason_no'] else '.'}"


def _parameters(paragraph: Paragraph) -> list[list[dict]]:
    """The rows of each parameter together."""
    return [list(rows) for _, rows in groupby(paragraph.parameters, lambda row: (row["rule"], row["parameter"]))]


def _listed(heading: str, entries: list[str]) -> list[str]:
    return ["", f"{heading}:", *(f"  {entry}" for entry in entries)] if entries else []


def _table(heading: str, head: list[str], rows: list[list[str]]) -> list[str]:
    if not rows:
        return []
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return [f"## {heading}\n", "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"]
