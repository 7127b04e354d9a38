"""The web application: addresses, what they read, and the answers. Handlers are plain functions, each in a thread of
its own, so that a slow question keeps nobody else waiting."""

import contextlib
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from pipelines.engine import home as homes
from pipelines.engine.workspace import only_row
from pipelines.errors import IsfError
from pipelines.grouper import sets
from pipelines.publication import csvfile
from pipelines.publication.page import script
from pipelines.rules import load as rulesets
from pipelines.rules.load import Ruleset
from pipelines.serve import account, front, grouping, lists, overview, owned, pages
from pipelines.serve import change as changes
from pipelines.serve.access import Door, policy, policy_of_file
from pipelines.serve.database import SECONDS, Indexes, NotReady, TooMuch, Warehouses
from pipelines.serve.trial import RUNNING, SETTLED_ANEW, WAITING, TooMany, Trials

AT_ONCE = 6
TOP = '<header class="top">'
LONGEST_FORM = 64_000
MOST_FIELDS = 300
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".dta": "application/x-stata-dta",
}


def build(home: Path, *, token: str, port: int, seconds: float = SECONDS, indexes: Path | None = None) -> Door:
    """The application for a home, behind its door. `seconds`: the longest that a question may take; `indexes`: where
    the indexes of the warehouses lie, by default in the home's folder `serve`. Missing ones are made meanwhile."""
    home = home.resolve()
    desk = Desk(home, Warehouses(seconds, Indexes(indexes or home / "serve")))
    desk.make_ready()
    answers = {
        "/": desk.front,
        "/sok": desk.search,
        "/gruppering": desk.grouping,
        "/leveranse/{delivery}": desk.delivery,
        "/leveranse/{delivery}/liste": desk.level,
        "/leveranse/{delivery}/liste.csv": desk.level_csv,
        "/leveranse/{delivery}/forklar": desk.explain,
        "/leveranse/{delivery}/kontroller": desk.checks,
        "/leveranse/{delivery}/simulering": desk.simulation,
        "/leveranse/{delivery}/simulering/{trial}": desk.trial,
        # Where the pages of a home lead to their front pages as files.
        "/fil/index.html": lambda request: RedirectResponse("/", 303),
        "/fil/leveranse/{delivery}/index.html": desk.delivery_of_file,
        "/tabeller.js": lambda request: Response(script()[0], media_type="text/javascript"),
        "/fil/{place:path}": desk.file,
    }
    # So many questions at a time: the machine's memory is shared.
    turn = threading.BoundedSemaphore(AT_ONCE)
    # Groupings wait for each other before they take a place from other questions.
    grouping_turn = threading.BoundedSemaphore(1)
    routes = [Route(address, _told(answer, turn)) for address, answer in answers.items()]
    routes.insert(0, Route("/leveranse/{delivery}/simulering", _sent(desk.simulate, turn), methods=["POST"]))
    routes.insert(0, Route("/gruppering", _sent(desk.group, grouping_turn, turn), methods=["POST"]))
    app = Starlette(routes=routes, exception_handlers={404: _unknown})
    return Door(app, token=token, port=port, close=desk.close)


class Desk:
    """What the addresses do, for one home."""

    def __init__(self, home: Path, warehouses: Warehouses):
        self._home = home
        self._warehouses = warehouses
        self._trials = Trials(home)

    def make_ready(self) -> None:
        """Have the missing indexes made, those of the newest deliveries first."""
        there = [one.id for one in overview.deliveries(self._home) if one.is_explained]
        self._warehouses.make_ready([homes.warehouse(self._home, name) for name in there])

    def close(self) -> None:
        """End what is under way in threads of our own."""
        self._trials.close()
        self._warehouses.close()

    def front(self, request: Request) -> Response:
        deliveries = overview.deliveries(self._home)
        unreadable = overview.unreadable(self._home, deliveries)
        return _html(front.home(deliveries, overview.results(self._home, deliveries), unreadable, live=True))

    def delivery(self, request: Request) -> Response:
        wanted = request.path_params["delivery"]
        one = next((one for one in overview.deliveries(self._home) if one.id == wanted), None)
        return _html(pages.delivery(one)) if one else _unknown()

    def delivery_of_file(self, request: Request) -> Response:
        return RedirectResponse(f"/leveranse/{quote(request.path_params['delivery'], safe='')}", 303)

    def level(self, request: Request) -> Response:
        wanted = lists.asked(request.query_params)

        def answer(con: Any, name: str) -> Response:
            return _html(pages.level(name, wanted, lists.page(con, wanted), lists.choices(con, wanted)))

        return self._read(request, answer, indexed=True)

    def level_csv(self, request: Request) -> Response:
        wanted = lists.asked(request.query_params)

        def answer(con: Any, name: str) -> Response:
            headers = {"Content-Disposition": f'attachment; filename="{name}-{wanted.level}.csv"'}
            return Response(csvfile.render(lists.table(con, wanted)), media_type=KINDS[".csv"], headers=headers)

        return self._read(request, answer, indexed=True)

    def checks(self, request: Request) -> Response:
        one = next((o for o in overview.deliveries(self._home) if o.id == request.path_params["delivery"]), None)
        if one is None:
            return _unknown()

        def answer(con: Any, name: str) -> Response:
            return _html(pages.checks(one, *account.of_rows(con), account.invariants(con)))

        return self._read(request, answer)

    def explain(self, request: Request) -> Response:
        identifier = request.query_params.get("id", "")[: lists.LONGEST_TEXT]
        until = self._warehouses.until()

        def answer(con: Any, name: str) -> Response:
            found, near = owned.explained(con, identifier)
            if not found:
                return _html(pages.explanation(name, identifier, [], near), 404)
            beside = [self._beside(name, facts, until) for facts in found]
            return _html(pages.explanation(name, identifier, found, near, beside))

        return self._read(request, answer, indexed=True, until=until)

    def _beside(self, name: str, facts: dict[str, Any], until: float) -> dict[str, Any]:
        """What is known of a unit outside its settlement: what the quality checks found, and what it was in the
        delivery before (`before`: its name; `earlier`: the same facts, None where it was not there; `unread`: why it
        could not be looked up there, else empty)."""
        beside: dict[str, Any] = {"findings": None, "before": None, "earlier": None, "unread": ""}
        if "ledger" not in facts and facts["kind"] not in ("episode", "prescription", "quarantine"):
            return beside
        quality = homes.quality(self._home, name)
        with contextlib.suppress(FileNotFoundError, IsfError), self._warehouses.reading(quality, until=until) as con:
            beside["findings"] = account.findings(con, facts)
        before = overview.before(self._home, name) if "ledger" in facts else None
        return beside | (self._earlier(before, facts, until) if before else {})

    def _earlier(self, before: str, facts: dict[str, Any], until: float) -> dict[str, Any]:
        """What a unit was in the delivery before, as `_beside` has it; nothing where that delivery has gone."""
        warehouse = homes.warehouse(self._home, before)
        try:
            with self._warehouses.reading(warehouse, indexed=True, until=until) as con:
                found, _ = owned.explained(con, account.own_id(facts))
        except FileNotFoundError:
            return {}
        except NotReady as error:
            state = "kan ikke gjøres klare" if error.failed else "er ikke klare ennå; åpne siden igjen om litt"
            return {"before": before, "unread": f"Listene for {before} {state}."}
        except IsfError as error:
            return {"before": before, "unread": f"Kunne ikke slås opp i {before}: {error}"}
        same = [one for one in found if one["kind"] == facts["kind"]]
        return {"before": before, "earlier": same[0] if same else None}

    def search(self, request: Request) -> Response:
        text = request.query_params.get("q", "").strip()[: lists.LONGEST_TEXT]
        there = [one.id for one in overview.deliveries(self._home) if one.is_explained]
        chosen = request.query_params.get("leveranse")
        name = chosen if chosen in there else next(iter(there), None)
        if name is None or not text:
            return _html(pages.hits(text, there, name, [], []))
        path, until = homes.warehouse(self._home, name), self._warehouses.until()
        try:
            with self._warehouses.reading(path, until=until) as con:
                if hits := lists.found(con, text):
                    return _html(pages.hits(text, there, name, hits, []))
            with self._warehouses.reading(path, indexed=True, until=until) as con:
                known, near = owned.known(con, text)
        except FileNotFoundError:  # removed at this moment
            return _unknown()
        if known:
            return RedirectResponse(f"/leveranse/{quote(name)}/forklar?id={quote(text, safe='')}", 303)
        return _html(pages.hits(text, there, name, [], near))

    def file(self, request: Request) -> Response:
        path = overview.served(self._home, request.path_params["place"])
        if path is None or path.suffix not in KINDS:
            return _unknown()
        headers = {"Content-Security-Policy": policy_of_file(path)}
        if path.suffix == ".html":
            return HTMLResponse(_with_ways(path, request.path_params["place"]), headers=headers)
        headers["Content-Disposition"] = f'attachment; filename="{path.name}"'
        return FileResponse(path, media_type=KINDS[path.suffix], headers=headers)

    def grouping(self, request: Request) -> Response:
        return _html(pages.grouping(sets.imported(self._home), self._home, {}, grouping.Given()))

    def group(self, request: Request, form: dict[str, str]) -> Response:
        there = sets.imported(self._home)
        given = grouping.read(form, there)
        if given.tables is None or given.case is None:
            return _html(pages.grouping(there, self._home, form, given), 422)
        try:
            found = grouping.answer(self._home, given.tables, given.case, self._warehouses.limited)
        except TooMuch as error:
            return _html(pages.message("For mye på en gang", f"{error} Prøv igjen senere, eller med isf group."), 503)
        return _html(pages.grouping(there, self._home, form, given, found))

    def simulation(self, request: Request) -> Response:
        return self._at_desk(request, {})

    def simulate(self, request: Request, form: dict[str, str]) -> Response:
        return self._at_desk(request, form)

    def _at_desk(self, request: Request, form: dict[str, str]) -> Response:
        """The form of the desk, with what the loader says of it; or the way to the trial of what it says."""

        def answer(con: Any, name: str) -> Response:
            rules = _settled(con)
            change = changes.read(form, rules)
            problems = changes.faults(change, rules) if form else {}
            if form and change.is_empty:
                problems = {changes.FORM: ["Ingenting er endret. Skriv en gruppe med nye poeng, eller endre et tall."]}
            if not form:
                self._trials.prepare(name)
            if not form or problems:
                return _html(pages.desk(name, rules, form, problems), 422 if problems else 200)
            try:
                trial = self._trials.ask_for(name, change, keep="behold" in form)
            except TooMany as error:
                return _html(pages.desk(name, rules, form, {changes.FORM: [str(error)]}), 503)
            return RedirectResponse(f"/leveranse/{quote(name)}/simulering/{trial.id}", 303)

        return self._read(request, answer)

    def trial(self, request: Request) -> Response:
        name = request.path_params["delivery"]
        trial = self._trials.get(name, request.path_params["trial"])
        if trial is None:
            text = "Den er glemt, eller leveransen er gjort opp på nytt. Send endringen igjen fra skjemaet."
            return _html(pages.message("Beregningen finnes ikke", text), 404)

        def answer(con: Any, _: str) -> Response:
            rules = _settled(con)
            if rules.sha256 != trial.change.settled:
                raise IsfError(SETTLED_ANEW)
            page = _html(pages.trial(trial, rules))
            if trial.state in (WAITING, RUNNING):
                page.headers["Refresh"] = "1"
            return page

        return self._read(request, answer)

    def _read(
        self,
        request: Request,
        answer: Callable[[Any, str], Response],
        *,
        indexed: bool = False,
        until: float | None = None,
    ) -> Response:
        """The answer from the warehouse that the address names, if the home has it; `indexed`: with its index;
        `until`: when it must be there, where more than the warehouse is read for it."""
        name = request.path_params["delivery"]
        if not overview.NAME.fullmatch(name):
            return _unknown()
        try:
            with self._warehouses.reading(homes.warehouse(self._home, name), indexed=indexed, until=until) as con:
                return answer(con, name)
        except FileNotFoundError:
            return _unknown()


def _settled(con: Any) -> Ruleset:
    """The rule set that a warehouse was settled with. Raises IsfError if it is no longer the same."""
    name, sha256 = only_row(con, "select ruleset, sha256 from ref.ruleset")
    rules = rulesets.read(name)
    if rules.sha256 != sha256:
        raise IsfError(f"Regelsettet {name} er endret etter oppgjøret. Gjør opp leveransen på nytt først.")
    return rules


def _with_ways(path: Path, place: str) -> str:
    """A published page with the ways back to the front pages, where it has none of its own: what is handed on says
    nothing of the home that it came from."""
    text = path.read_text(encoding="utf-8")
    if 'class="above"' in text:
        return text
    of = overview.DELIVERY.match(place.split("/")[1]) if place.startswith("published/") else None
    ways = [("/", "Forsiden"), *([(f"/leveranse/{of[0]}", f"Leveranse {of[0]}")] if of else [])]
    return text.replace(TOP, front.ways(ways) + TOP, 1)


def _html(text: str, status: int = 200) -> Response:
    return HTMLResponse(text, status, {"Content-Security-Policy": policy(text)})


def _waiting(error: NotReady) -> Response:
    """A page that asks again by itself, with how far the lists are."""
    answer = _html(pages.waiting(error.number, error.of, failed=error.failed), 503)
    if not error.failed:
        answer.headers["Refresh"] = "2"
        answer.headers["Retry-After"] = "2"
    return answer


def _unknown(request: Request | None = None, error: Exception | None = None) -> Response:
    return _html(pages.message("Finnes ikke", "Det er ingen slik side."), 404)


def _sent(
    answer: Callable[[Request, dict[str, str]], Response], *turns: threading.BoundedSemaphore
) -> Callable[[Request], Awaitable[Response]]:
    """The answer to a form, which is read here; what is too long or no form is refused."""

    async def sent(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
            return PlainTextResponse("Dette er ikke et skjema.", 415)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_FORM:
                return PlainTextResponse("Skjemaet er for langt.", 413)
        try:
            given = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        except ValueError:
            return PlainTextResponse("Skjemaet kan ikke leses.", 400)
        return await run_in_threadpool(_told(lambda asked: answer(asked, dict(given)), *turns), request)

    return sent


def _told(answer: Callable[[Request], Response], *turns: threading.BoundedSemaphore) -> Callable[[Request], Response]:
    """The answer, or a page that says what went wrong. Where it failed goes to the terminal, but not on what: messages
    and addresses may hold ids."""

    def told(request: Request) -> Response:
        try:
            with contextlib.ExitStack() as taken:
                for turn in turns:
                    taken.enter_context(turn)
                return answer(request)
        except NotReady as error:
            return _waiting(error)
        except TooMuch as error:
            return _html(pages.message("For mye på en gang", f"{error} Velg færre rader."), 503)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            print(f"isf serve: {type(error).__name__} in {Path(last.filename).name}:{last.lineno}", file=sys.stderr)
            text = str(error) if isinstance(error, IsfError) else "Noe gikk galt. Terminalen sier hvor."
            return _html(pages.message("Feil", text), 500)

    return told
