"""What a publication asks: which rows of the public tables are hidden, and whether that is enough.

    decision = decide(con, earlier)          the rows to hide; `con` holds a built warehouse
    faults = audit(con, decision, public)    the proof, over the tables as they are published

Both attack the publication together with the earlier revisions of the same delivery. Of those a reader knows the tables
as they lie. He takes what belongs to a trust, a region or a step of the basis of which no public number has changed for
unchanged, and a number that was shown and is the same now for known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow

from pipelines.disclosure.attack import Attack, Limits
from pipelines.disclosure.protect import Protection, all_hidden, protect
from pipelines.disclosure.system import TABLES, UNPUBLISHED, System, joined, read, without_unpublished
from pipelines.engine.workspace import literal
from pipelines.errors import IsfError

PARAMETERS = ("min_patients_published", "hidden_count_width", "hidden_count_reach", "hidden_points_share")
# Where the warehouse has a public table under another name than the published one.
OWN = {"gjestepasienter": "gjestepasienter_usladdet"}


@dataclass(frozen=True)
class Decision:
    """`small`: rows with fewer than `minimum` patients. `hidden`: these, what protects them, and what an earlier
    revision hides. `exempt`: hidden numbers that the whole settlement tables bound too closely even if nothing else
    were shown. `bounded_before`: those of which this is only true with the earlier revisions. `truth`: the public
    numbers with nothing hidden; `before`: those of the earlier revisions."""

    minimum: int
    limits: Limits
    small: frozenset[str]
    hidden: frozenset[str]
    exempt: frozenset[str]
    bounded_before: frozenset[str]
    truth: System = field(repr=False)
    before: tuple[System, ...] = field(repr=False)

    def facts(self) -> dict:
        """What the manifest says of it: counts, and the limits as they are in the rule set."""
        tables = sorted({row.split("|")[0] for row in self.hidden})
        return {
            "minimum_patients": self.minimum,
            "hidden_count_width": int(self.limits.width),
            "hidden_count_reach": int(self.limits.reach),
            "hidden_points_share": f"{self.limits.share:.3f}",
            "hidden_rows": {name: sum(row.startswith(f"{name}|") for row in self.hidden) for name in tables},
            "exempt_numbers": len(self.exempt),
            "numbers_bounded_by_earlier_revisions": len(self.bounded_before),
        }


def parameters(con: duckdb.DuckDBPyConnection) -> tuple[int, Limits]:
    """The smallest number of patients a public number may rest on, and the limits of the audit. Raises IsfError."""
    found = con.execute("select min_patients, count_width, count_reach, points_share from publication_limit").fetchone()
    if found is None or None in found:
        raise IsfError(
            f"The rule set lacks one of the parameters {', '.join(PARAMETERS)} under rule 3.9 (§3.9), so small numbers "
            "cannot be hidden. Remedy: add it to rules.toml of the rule set."
        )
    minimum, width, reach, share = found
    return int(minimum), Limits(float(width), float(reach), float(share))


def decide(con: duckdb.DuckDBPyConnection, earlier: list[Path]) -> Decision:
    """Which rows to hide. `earlier`: the published folders of the delivery's revisions before this one."""
    minimum, limits = parameters(con)
    small = {
        row
        for (row,) in con.execute(
            "select row_id from main.row_patients where patients > 0 and patients < ?", [minimum]
        ).fetchall()
    }
    truth = read(tables_of(con, {name: f"main.{OWN.get(name, name)}" for name in (*TABLES, UNPUBLISHED)}))
    before = [shown_only(read(published_tables(con, folder))) for folder in earlier]
    rows = set(truth.rows[truth.published])
    must = (small & rows) | {row for system in before for row in system.hidden_rows() & rows}
    found = chosen(truth, before, limits, must)
    exempt = {name for name in found.exempt if name in set(truth.ids)}
    alone = all_hidden(truth, limits)
    by_totals = {name for name in exempt if not alone.settle(truth.index[name])}
    return Decision(
        minimum,
        limits,
        frozenset(small & rows),
        frozenset(found.hidden & rows),
        frozenset(by_totals),
        frozenset(exempt - by_totals),
        truth,
        tuple(before),
    )


def chosen(truth: System, before: Sequence[System], limits: Limits, must: set[str]) -> Protection:
    """The rows to hide so that what is hidden is protected, in this publication alone and together with earlier ones.
    Rows of these are among them."""
    # The small system finds nearly all of what is needed at a tenth of the cost; the whole one proves it.
    start = protect(without_unpublished(truth), limits, must)
    found = protect(truth, limits, set(start.hidden))
    if not before:
        return found
    system = together(truth, before)
    fixed = set(system.rows[len(truth.ids) :]) - {""}
    while True:
        found = protect(system, limits, set(found.hidden) | fixed)
        # What an earlier revision tells of a number must not make this one tell it by itself.
        alone = protect(truth, limits, set(found.hidden) - fixed)
        if alone.hidden <= found.hidden:
            return found
        found = alone


def shown_only(earlier: System) -> System:
    """An earlier publication as a reader has it: of what is published nowhere no value is known."""
    return replace(earlier, values=np.where(earlier.published | earlier.whole, earlier.values, np.nan))


def audit(con: duckdb.DuckDBPyConnection, decision: Decision, public: dict[str, str]) -> list[str]:
    """Hidden numbers that a reader can bound too closely, one Norwegian sentence each; none is as it must be.

    `public`: the relations that are published, by the names of `TABLES`. Of the decision nothing is taken but the true
    numbers and the limits: what is hidden is read from the tables. The numbers themselves are in no sentence.
    """
    truth = decision.truth
    shown = read(tables_of(con, {**public, UNPUBLISHED: f"main.{UNPUBLISHED}"}))
    published = shown.published | shown.whole
    if list(shown.ids) != list(truth.ids) or list(shown.rows) != list(truth.rows):
        raise IsfError("The tables to be published do not have the warehouse's rows. This is an error of the program.")
    differs = published & ~np.isnan(shown.values) & (shown.values != truth.values)
    if differs.any():
        return [f"{_named(name)} er ikke varehusets tall" for name in truth.ids[differs]]
    hidden = shown.hidden_rows()
    kept = [row for row in sorted(hidden) if not np.isnan(shown.values[shown.rows == row]).all()]
    if kept:
        return [f"{_named(row)} er bare delvis skjult" for row in kept]
    judged = [truth, *([together(truth, decision.before)] if decision.before else [])]
    found = {number for system in judged for number in _found_out(system, decision.limits, hidden, len(truth.ids))}
    return [f"{_named(number)} er skjult, men følger for nær av det som vises" for number in sorted(found)]


def _found_out(system: System, limits: Limits, hidden: set[str], now: int) -> list[str]:
    """Numbers that a reader of the system bounds too closely, but for those that nothing hidden could protect. The
    first `now` numbers are of this publication; of the others nothing more can be hidden."""
    attack = Attack(system, limits)
    attack.hide(hidden | (set(system.rows[now:]) - {""}))
    left = [number for number in sorted(attack.search()) if not attack.settle(number)]
    everything = all_hidden(system, limits) if left else attack
    return [system.ids[number] for number in left if everything.settle(number)]


def together(truth: System, before: Sequence[System]) -> System:
    """The system of this publication and of those before it, whose shown numbers are known and hidden ones still are
    not. Raises IsfError where an earlier publication contradicts itself."""
    system = truth
    for number, earlier in enumerate(before):
        # What is published nowhere now has no value that could be kept either.
        fixed = np.concatenate([~np.isnan(system.values), np.zeros(len(earlier.ids), dtype=bool)])
        whole, moved = _added(system, _past(earlier, truth, f"r{number + 1}:"), _unchanged(truth, earlier), fixed)
        system = replace(whole, values=np.nan_to_num(whole.values) + np.where(fixed, 0.0, moved))
    return system


def _added(system: System, past: System, same: list[tuple[int, int]], fixed: np.ndarray) -> tuple[System, np.ndarray]:
    """The system with an earlier publication, and values that its hidden numbers may have had. A trust, region or step
    that was not the same, although all that is shown of it is, is no longer taken for it."""
    while True:
        whole = joined(system, past, same)
        attack = Attack(whole, Limits(0.0, 0.0, 0.0))
        attack.hide(set(whole.rows[whole.published]))
        moved = attack.feasible(fixed)
        if moved is not None:
            return whole, moved
        strained = attack.strained(fixed, len(same))
        if strained is None:
            past = _with_other_signs(past)
            continue
        if not strained.any():
            raise _contradicting()
        wrong = {
            group for (now, _), torn in zip(same, strained, strict=True) if torn for group in _groups(system.ids[now])
        }
        same = [pair for pair in same if not wrong & set(_groups(system.ids[pair[0]]))]


def _with_other_signs(past: System) -> System:
    """An earlier publication that had points below 0 which are not so now, or a rule that deducted and now adds: of
    what it hides of the same trust, region or rules no sign is known. Raises IsfError where that does not explain it.
    """
    attack = Attack(past, Limits(0.0, 0.0, 0.0))
    attack.hide(set(past.rows[past.published]))
    outside = attack.beyond()
    if outside is None or not outside.any():
        raise _contradicting()
    groups = [set(_groups(name.split(":", 1)[1])) for name in past.ids]
    doubtful = {group for number in np.flatnonzero(outside) for group in groups[number]}
    loose = (past.kinds != "count") & ~past.whole & np.array([bool(doubtful & own) for own in groups])
    return replace(past, least=np.where(loose, -np.inf, past.least), most=np.where(loose, np.inf, past.most))


def _contradicting() -> IsfError:
    return IsfError(
        "The public numbers of an earlier revision contradict each other, so it cannot be judged what both "
        "disclose together. Remedy: put its folder back as it was published, or move it away."
    )


def _past(earlier: System, truth: System, prefix: str) -> System:
    """An earlier publication as a part of a system: what it shows is never hidden, what it hides is never shown."""
    where = truth.index
    at = np.array([where.get(name, -1) for name in earlier.ids], dtype=int)
    is_shown = earlier.published & ~np.isnan(earlier.values)
    rows = np.array([prefix + row if row else "" for row in earlier.rows], dtype=object)
    now = np.where(at >= 0, np.nan_to_num(truth.values)[at], 0.0)
    return replace(
        earlier,
        ids=np.array([prefix + name for name in earlier.ids], dtype=object),
        rows=np.where(is_shown, "", rows),
        values=np.where(np.isnan(earlier.values), now, earlier.values),
        least=np.where(at >= 0, truth.least[at], earlier.least),
        most=np.where(at >= 0, truth.most[at], earlier.most),
        sizes=np.abs(now),
        whole=earlier.whole | is_shown,
    )


def _unchanged(truth: System, earlier: System) -> list[tuple[int, int]]:
    """Pairs of numbers, now and before, that a reader takes for equal."""
    where = earlier.index
    pairs = [(now, where[name]) for now, name in enumerate(truth.ids) if name in where]
    moved = {
        group
        for now, then in pairs
        if not np.isnan(earlier.values[then]) and truth.values[now] != earlier.values[then]
        for group in _groups(truth.ids[now])
    }
    same = []
    for now, then in pairs:
        is_shown = not np.isnan(earlier.values[then])
        if (truth.values[now] == earlier.values[then]) if is_shown else not moved & set(_groups(truth.ids[now])):
            same.append((now, then))
    return same


def _groups(number: str) -> list[tuple[str, ...]]:
    """What a number belongs to: a trust or region and its sector, a step of the basis, the rules of a sector."""
    table, *key = number.split("|")
    if table in ("gjestepasienter", "celle"):
        return [("hf", key[0], key[2])]
    if table in ("oppgjor_hf", "oppgjor_hf_maned"):
        return [("hf", key[0], key[1])]
    if table in ("oppgjor_rhf", "oppgjor_rhf_maned"):
        return [("rhf", key[0], key[1])]
    if table == "poeng_per_regel":
        return [("regler", key[1])]
    return [(table, key[0])]


def tables_of(con: duckdb.DuckDBPyConnection, relations: dict[str, str]) -> dict[str, pyarrow.Table]:
    """The rows of relations, by name; they are small."""
    return {name: con.execute(f"from {relation}").to_arrow_table() for name, relation in relations.items()}


def published_tables(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, pyarrow.Table]:
    """The public tables of a published folder; one that an older version of the program did not publish is empty.
    Raises IsfError where one cannot be read."""
    relations = {UNPUBLISHED: f"(from main.{UNPUBLISHED} limit 0)"}
    for name in TABLES:
        path = folder / f"{name}.parquet"
        missing = f"(from main.{OWN.get(name, name)} limit 0)"
        relations[name] = f"read_parquet({literal(path)})" if path.is_file() else missing
    try:
        return tables_of(con, relations)
    except duckdb.Error as error:
        raise IsfError(
            f"The earlier publication {folder} cannot be read, so it cannot be judged what both disclose together "
            f"({str(error).splitlines()[0]}). Remedy: put the folder back as it was published, or move it away."
        ) from error


def _named(name: str) -> str:
    """The row or number of an id, for people."""
    table, *key = name.split("|")
    return f"{table} {' '.join(part or '(tom)' for part in key)}"
