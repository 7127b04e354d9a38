"""Every rule case against the engine.

Cases of the same delivery share one build (their ids keep them apart); a case about the settlement or the regions has
a build of its own. Of the models those run that cases read.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from tests.cases.casebook import Case, load_cases, write_delivery
from tests.cases.ledger import NO_CASE, READ, Outcome, differences, outcomes

CASES = load_cases()
EXAMPLE = Path(__file__).resolve().parents[2] / "reference_data" / "grouper-example"


def _group(case: Case) -> tuple:
    return (case.delivery, case.drg_source, case.ruleset, case.number if case.alone else "shared")


GROUPS: dict[tuple, list[Case]] = defaultdict(list)
for _case in CASES:
    GROUPS[_group(_case)].append(_case)


def _build(cases: list[Case], folder) -> dict[str, Outcome]:
    from pipelines.settlement.run import build_warehouse

    source = cases[0].drg_source
    con = build_warehouse(
        write_delivery(cases, folder),
        drg_source=source,
        regrouping=_regrouping(source, folder),
        ruleset=cases[0].ruleset,
        way=_way,
    )
    try:
        return outcomes(con, cases)
    finally:
        con.close()


def _way(con, regrouping, progress):
    from pipelines.engine.models import WAY, needed, run
    from pipelines.settlement.run import run_way

    if regrouping is None:
        run(WAY, con, only=[model.name for model in needed(READ)])
    else:
        run_way(con, regrouping, progress)


def _regrouping(source: str, folder):
    """The invented tables, imported, for `grouped:example`; with the episodes for `grouped:example med episoder`."""
    from pipelines.grouper import sets
    from pipelines.settlement.run import regrouping_of

    if not source.startswith("grouped:"):
        return None
    source, _, episodes = source.partition(" ")
    sets.import_set(EXAMPLE, folder / "home", year=2025, id=source.removeprefix("grouped:"))
    return regrouping_of(source, folder / "home", group_episodes=bool(episodes))


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """group → outcomes of its cases; built when first asked for."""
    done: dict[tuple, dict[str, Outcome]] = {}
    failed: set[tuple] = set()

    def of(case: Case) -> Outcome:
        group = _group(case)
        if group not in done and group not in failed:
            try:
                done[group] = _build(GROUPS[group], tmp_path_factory.mktemp("delivery"))
            except Exception:
                failed.add(group)
        if group in failed:  # one case stops the shared run: show which
            return _build([case], tmp_path_factory.mktemp("alone"))[case.prefix]
        return done[group].get(case.prefix, Outcome())

    of.done = done
    return of


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_case(case: Case, run):
    wrong = differences(case, run(case))
    if wrong:
        pytest.fail(
            f"{case.file}.yaml (§ {case.paragraph}): {case.title}\n" + "\n".join(wrong) + f"\n{case.why}",
            pytrace=False,
        )


def test_no_ledger_row_without_a_case(run):
    """A shared delivery has no row that belongs to none of its cases (a case about regions must be alone)."""
    run(next(case for case in CASES if not case.alone))
    strangers = {group: found[NO_CASE].ledger for group, found in run.done.items() if NO_CASE in found}
    assert not {group: rows for group, rows in strangers.items() if rows}
