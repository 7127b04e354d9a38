"""Simulations asked for at the desk, one after the other in a thread of their own, with how far each is.

A trial is what `isf simulate` makes of the settled rule set and a change of it. Nothing of it is kept but the rule set,
and the scenario where that was asked for, both below `<home>/simulations/`; the activity in small is made as by the
command.
"""

import contextlib
import queue
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.engine import home as homes
from pipelines.errors import IsfError
from pipelines.rules import load as rulesets
from pipelines.rules.load import Ruleset
from pipelines.serve import change as changes
from pipelines.serve import index
from pipelines.serve.change import Change
from pipelines.serve.database import Ended, FileFacts, end, facts_of
from pipelines.simulate import scenario
from pipelines.simulate.activity import Activity, opened
from pipelines.simulate.compare import compare_all
from pipelines.simulate.evaluate import Evaluations, settled_rules

MEMORY_LIMIT = "600MB"
KEPT = 20
MOST_WAITING = 20
USES = 10  # of an open activity; what each has made in memory goes with it
CALIBRATE = "none"
WAITING, RUNNING, DONE, FAILED = "venter", "i gang", "ferdig", "stanset"
SETTLED_ANEW = "Leveransen er gjort opp på nytt siden endringen ble sendt. Send den igjen fra skjemaet."
TABLES = ("hovedtall", "endring_rhf", "endring_hf")


class TooMany(IsfError):
    """As many trials wait as are taken."""


@dataclass
class Trial:
    """A trial: of which delivery, what was changed, how far it is, and what it gave.

    `facts`: of the warehouse it was asked of; `tables`: tables of the scenario, as rows; `saved`: the scenario's
    folder, where it was kept; `problem`: why not.
    """

    id: str
    delivery: str
    change: Change
    keep: bool
    facts: FileFacts | None = None
    state: str = WAITING
    steps: int = 0
    is_first: bool = False
    seconds: float = 0
    problem: str = ""
    saved: str = ""
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass
class _Open:
    """An activity that is kept open between trials, with what is known of its rule sets."""

    delivery: str
    facts: FileFacts
    activity: Activity
    settled: Ruleset
    evaluations: Evaluations
    closing: contextlib.ExitStack
    uses: int = 0


class Trials:
    """The trials of a home, and the activity they are tried on, which stays open. Safe to use from many threads."""

    def __init__(self, home: Path):
        self._home = home
        self._lock = threading.Lock()
        self._all: dict[tuple[str, str, FileFacts], Trial] = {}
        self._preparing: set[str] = set()
        self._queue: queue.Queue[Trial | str | None] = queue.Queue()
        self._is_closed = False
        self._worker: threading.Thread | None = None
        self._open: _Open | None = None

    def prepare(self, delivery: str) -> None:
        """Open a delivery's activity, so that the first trial need not wait for it."""
        with self._lock:
            if delivery not in self._preparing:
                self._preparing.add(delivery)
                self._ask(delivery)

    def ask_for(self, delivery: str, change: Change, *, keep: bool) -> Trial:
        """Have a change tried; the same one of the same settlement that is there or under way is not tried twice.

        Raises TooMany, and FileNotFoundError where the delivery is not settled.
        """
        name = f"{change.name}{'-lagret' if keep else ''}"
        facts = facts_of(homes.warehouse(self._home, delivery))
        with self._lock:
            known = self._all.get((delivery, name, facts))
            if known and known.state != FAILED:
                return known
            if sum(one.state == WAITING for one in self._all.values()) >= MOST_WAITING:
                raise TooMany(f"Det venter {MOST_WAITING} beregninger. Send skjemaet igjen når noen av dem er ferdige.")
            ended = [key for key, one in self._all.items() if one.state in (DONE, FAILED)]
            for key in ended[: max(0, len(self._all) - KEPT + 1)]:
                del self._all[key]
            trial = Trial(name, delivery, change, keep, facts)
            self._all[delivery, name, facts] = trial
            self._ask(trial)
        return trial

    def get(self, delivery: str, name: str) -> Trial | None:
        """A trial of a delivery as it is settled now, by its name; None where it is not known."""
        try:
            return self._all.get((delivery, name, facts_of(homes.warehouse(self._home, delivery))))
        except FileNotFoundError:
            return None

    def _ask(self, what: Trial | str) -> None:
        self._queue.put(what)
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, daemon=True)
            self._worker.start()

    def _work(self) -> None:
        while True:
            asked = self._queue.get()
            if asked is None or self._is_closed:
                self._close()
                return
            trial = Trial("", asked, Change(), keep=False) if isinstance(asked, str) else asked
            trial.state, begun, state = RUNNING, time.monotonic(), DONE
            try:
                known = self._opened(trial)
                if not trial.change.is_empty:
                    self._try(trial, known)
            except IsfError as error:
                trial.problem, state = str(error), FAILED
            except Exception as error:
                if not self._is_closed:
                    print(f"isf serve: {type(error).__name__} in a simulation", file=sys.stderr)
                trial.problem, state = "Noe gikk galt. Terminalen sier hvor.", FAILED
            if state == FAILED:
                with contextlib.suppress(Exception):  # the next trial opens anew
                    self._close()
            trial.seconds = time.monotonic() - begun
            # Last, since whoever sees it reads the rest.
            trial.state = state
            if isinstance(asked, str):
                with self._lock:
                    self._preparing.discard(asked)

    def close(self) -> None:
        """Stop what is tried, and wait until its thread has ended."""
        self._is_closed = True
        self._queue.put(None)
        end(self._worker, lambda: self._open.activity.con if self._open else None)

    def _opened(self, trial: Trial) -> _Open:
        """The activity of the trial's delivery as it is now. Raises IsfError, FileNotFoundError."""

        def tell(step: str, *_: int) -> None:
            if self._is_closed:
                raise Ended
            trial.steps += 1
            trial.is_first = trial.is_first or step.startswith("cube")

        facts = facts_of(homes.warehouse(self._home, trial.delivery))
        known = self._open
        if known and (known.delivery, known.facts) == (trial.delivery, facts) and known.uses < USES:
            known.uses += not trial.change.is_empty
            known.activity.tell = tell
            return known
        self._close()
        with contextlib.ExitStack() as closing:
            activity = closing.enter_context(
                opened(self._home, trial.delivery, memory_limit=MEMORY_LIMIT, progress=tell)
            )
            settled = settled_rules(activity)
            evaluations = Evaluations(activity, settled)
            evaluations.expect([settled])
            evaluations.of(settled)
            if facts_of(homes.warehouse(self._home, trial.delivery)) != facts:
                raise IsfError(SETTLED_ANEW)
            self._open = _Open(trial.delivery, facts, activity, settled, evaluations, closing.pop_all())
        return self._open

    def _close(self) -> None:
        known, self._open = self._open, None
        if known:
            known.closing.close()

    def _try(self, trial: Trial, known: _Open) -> None:
        if (known.facts, known.settled.sha256) != (trial.facts, trial.change.settled):
            raise IsfError(SETTLED_ANEW)
        path = changes.save(trial.change, known.settled, self._home)
        if trial.keep:
            made = scenario.run(known.activity, known.activity.ruleset, [str(path)], calibrate=CALIBRATE)
            (comparison,) = made.comparisons
            trial.saved = scenario.save(made, self._home / scenario.FOLDER)[0].name
            index.refresh(self._home)
        else:
            (comparison,) = compare_all(
                known.activity, known.settled, known.settled, [rulesets.read(path)],
                calibrate=CALIBRATE, evaluations=known.evaluations, tables=TABLES,
            )  # fmt: skip
        trial.tables = {name: comparison.tables[name].dicts() for name in TABLES}
