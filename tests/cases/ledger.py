"""Reads what the engine made of the cases, gives each case its own rows back and compares.

A case says everything about its ledger: a row too many is as wrong as a row too few.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from tests.cases.casebook import Case, expand_ids

NO_CASE = ""
KINDS = {"stay": "opphold", "service": "sertjeneste", "pathway": "forlop", "region": "region"}


@dataclass
class Outcome:
    """What one case came to, with the ids as the case writes them."""

    ledger: dict[tuple[str, str, str], Decimal] = field(default_factory=dict)
    repeated: list[tuple[str, str, str]] = field(default_factory=list)
    traits: dict[tuple[str, str], dict[str, set]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    stays: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    statuses: dict[str, str] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    quarantine: dict[str, int] = field(default_factory=dict)
    tables: dict[str, list[dict]] = field(default_factory=dict)


def _split(unit_id: str | None) -> tuple[str, str]:
    """`STG|k0007-P|2025` → (`k0007-`, `STG|P|2025`)."""
    found = re.search(r"k\d{4}-", unit_id or "")
    return (found[0], unit_id.replace(found[0], "")) if found else (NO_CASE, unit_id or "")


def _rows(con, sql: str) -> list[dict]:
    cursor = con.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def outcomes(con, cases: list[Case]) -> dict[str, Outcome]:
    """Outcome per case prefix; rows that no case owns are under `NO_CASE` (all of them, for a case alone)."""
    found: dict[str, Outcome] = defaultdict(Outcome)
    sole = cases[0].prefix if len(cases) == 1 else None

    def owner(unit_id: str | None) -> tuple[Outcome, str]:
        prefix, short = _split(unit_id)
        return found[prefix or sole or NO_CASE], short

    for row in _rows(con, "select * from poengposter"):
        outcome, unit = owner(row["enhet_id"])
        key = (row["enhet_type"], unit, row["regel"])
        if key in outcome.ledger:
            outcome.repeated.append(key)
        outcome.ledger[key] = outcome.ledger.get(key, Decimal(0)) + row["poeng"]
        traits = outcome.traits.setdefault(key[:2], defaultdict(set))
        for name, column in TRAITS.items():
            traits[name].add(str(row[column] or ""))
    for row in _rows(con, EPISODES):
        outcome, episode = owner(row["episode_id"])
        outcome.reasons[episode] = row["reason"]
    for row in _rows(con, "select dispensing_id, reason from prescription"):
        outcome, line = owner(row["dispensing_id"])
        outcome.lines[line] = row["reason"]
    for row in _rows(con, STAY_EPISODES):
        outcome, stay = owner(row["stay_id"])
        outcome.stays[stay].add(_split(row["episode_id"])[1])
    for row in _rows(con, SERVICES):
        outcome, service = owner(row["service_id"])
        outcome.statuses[service] = row["status"]
    for row in _rows(con, MEMBERS):
        outcome, pathway = owner(row["pathway_id"])
        outcome.members[pathway].add(_split(row["member_id"])[1])
    for row in _rows(con, "select file, row_content from landing.quarantine"):
        outcome, _ = owner(row["row_content"])
        outcome.quarantine[row["file"]] = outcome.quarantine.get(row["file"], 0) + 1
    if sole:
        for table in TABLE_KEYS:
            found[sole].tables[table] = _rows(con, f"select * from {table}")
    return found


TRAITS = {"gruppe": "drg_stg_tfg", "hf": "hf_orgnr", "bosted": "bosted_rhf_orgnr", "sektor": "sektor"}
EPISODES = "select episode_id, reason from episode"
STAY_EPISODES = """
select stay.stay_id, episode.episode_id
from stay_episode
inner join stay on stay.stay_nr = stay_episode.stay_nr
inner join episode on episode.episode_nr = stay_episode.episode_nr
"""
SERVICES = "select service_id, status from service"
MEMBERS = "select pathway_id, unit_id as member_id from pathway_member"
TABLE_KEYS = {
    "oppgjor_rhf": ("rhf_orgnr", "sektor"),
    "oppgjor_hf": ("hf_orgnr", "sektor"),
    "oppgjor_rhf_maned": ("rhf_orgnr", "sektor", "maned"),
    "oppgjor_hf_maned": ("hf_orgnr", "sektor", "maned"),
    "gjestepasienter_usladdet": ("hf_orgnr", "bosted_rhf_orgnr", "sektor"),
}

# The models that are read here.
READ = ("poengposter", "episode", "prescription", "stay_episode", "stay", "service", "pathway_member", *TABLE_KEYS)

# ---------------------------------------------------------------- comparison


def differences(case: Case, actual: Outcome) -> list[str]:
    """What is wrong, in words a person can act on; empty when the case holds."""
    wrong = []
    if actual.ledger != case.expected or actual.repeated:
        wrong.append("poengposter:\n" + ledger_table(case.expected, actual))
    wrong += _reasons(case, actual)
    for ids, reason in case.checks.get("linje", {}).items():
        wrong += [
            f"linje {line}: {reason} expected, {actual.lines.get(line)} found"
            for line in expand_ids(ids)
            if actual.lines.get(line) != reason
        ]
    wrong += _sets("opphold", case.checks.get("opphold"), actual.stays)
    wrong += _sets("forlop", case.checks.get("forlop"), actual.members)
    for heading, wanted in case.checks.get("kjennetegn", {}).items():
        kind, _, ids = heading.partition(" ")
        for unit in expand_ids(ids):
            got = actual.traits.get((kind, unit), {})
            for name, value in wanted.items():
                if got.get(name) != {value.replace("mangler", "")}:
                    wrong.append(f"kjennetegn {heading} {name}: {value} expected, {_show(got.get(name))} found")
    for service, status in case.checks.get("sertjeneste", {}).items():
        if actual.statuses.get(service) != status:
            wrong.append(f"sertjeneste {service}: {status} expected, {actual.statuses.get(service)} found")
    quarantine = {file: int(n) for file, n in case.checks.get("karantene", {}).items()}
    if actual.quarantine != quarantine:
        wrong.append(f"karantene: {quarantine} expected, {actual.quarantine} found")
    for name, table in (
        ("oppgjor_rhf", "oppgjor_rhf"),
        ("oppgjor_hf", "oppgjor_hf"),
        ("oppgjor_rhf_maned", "oppgjor_rhf_maned"),
        ("oppgjor_hf_maned", "oppgjor_hf_maned"),
        ("gjestepasienter", "gjestepasienter_usladdet"),
    ):
        if name in case.checks:
            wrong += _settlement(name, table, case.checks[name], actual)
    return wrong


def _reasons(case: Case, actual: Outcome) -> list[str]:
    """Episodes that a case says nothing about are included."""
    said = {episode: reason for ids, reason in case.checks.get("arsak", {}).items() for episode in expand_ids(ids)}
    return [
        f"arsak {episode}: {said.get(episode, 'included')} expected, {reason} found"
        for episode, reason in actual.reasons.items()
        if reason != said.get(episode, "included")
    ] + [f"arsak {episode}: not among the episodes" for episode in said if episode not in actual.reasons]


def _sets(name: str, wanted: dict | None, got: dict[str, set[str]]) -> list[str]:
    if wanted is None:
        return []
    wanted = {unit: set(members) for unit, members in (wanted or {}).items()}
    return [
        f"{name} {unit}: {_show(wanted.get(unit))} expected, {_show(got.get(unit))} found"
        for unit in sorted(set(wanted) | set(got))
        if wanted.get(unit) != got.get(unit)
    ]


def _show(values) -> str:
    return "{" + ", ".join(sorted(v or "''" for v in values)) + "}" if values else "nothing"


def _settlement(name: str, table: str, wanted: dict, actual: Outcome) -> list[str]:
    """Listed rows as listed; any other row must be zeros only."""
    wrong = []
    keys = TABLE_KEYS[table]
    got = {" ".join(str(row[k] or "") for k in keys).strip(): row for row in actual.tables[table]}
    for heading, columns in wanted.items():
        row = got.pop(heading.replace("mangler ", "").strip(), None)
        if row is None:
            wrong.append(f"{name} {heading}: no such row; rows: {', '.join(got)}")
            continue
        for column, value in columns.items():
            if not _same(value, row.get(column)):
                wrong.append(f"{name} {heading} {column}: {value} expected, {row.get(column)} found")
    for heading, row in got.items():
        money = {c: v for c, v in row.items() if c not in keys and c.startswith(("antall", "isf_p", "ref", "ako"))}
        if any(money.values()):
            wrong.append(f"{name} {heading}: an unexpected row, {money}")
    return wrong


def _same(value: str, got) -> bool:
    if got is None:
        return value in ("", "mangler")
    if isinstance(got, str):
        return got == value.replace("mangler", "")
    return Decimal(value) == Decimal(str(got))


def ledger_table(expected: dict, actual: Outcome) -> str:
    lines = [("", "enhet", "regel", "forventet", "faktisk")]
    for key in sorted(set(expected) | set(actual.ledger)):
        want, got = expected.get(key), actual.ledger.get(key)
        mark = "" if want == got and key not in actual.repeated else ">"
        note = " (flere rader)" if key in actual.repeated else ""
        lines.append((mark, f"{key[0]} {key[1]}", key[2], _number(want), _number(got) + note))
    widths = [max(len(line[i]) for line in lines) for i in range(5)]
    return "\n".join("  " + "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip()
                     for line in lines)  # fmt: skip


def _number(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:.3f}"
