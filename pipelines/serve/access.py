"""Who may ask: a token in the first address that opens once, then a cookie; only this machine's name for itself as host
and origin.

Everything that is answered says that nothing of it is kept, framed, guessed or sent on. Nothing is written to a log:
addresses hold ids.
"""

import base64
import hashlib
import re
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.publication.page import SCRIPTS

LONGEST = 2000
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not `no-referrer`: with that a browser calls the sender of our own form `null`.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_FORMS = re.compile(r"/leveranse/[^/]+/simulering|/gruppering")
ELSEWHERE = ("same-site", "cross-site")
NO_KEY = (
    "Åpne adressen som isf serve skrev da den startet; den har nøkkelen i seg og kan åpnes én gang. Er den åpnet før,"
    " er nøkkelen brukt: stopp isf serve (Ctrl-C) og start den igjen, så skriver den en ny adresse."
)
USED = (
    "Nøkkelen i adressen er brukt; den kan åpnes én gang. Gå tilbake til nettleseren som åpnet den, eller stopp"
    " isf serve (Ctrl-C) og start den igjen, så skriver den en ny adresse."
)
SCRIPT = '<script src="/tabeller.js">'
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def policy(html: str) -> str:
    """The content security policy of a page of our own: its one style sheet by its hash, forms to ourselves, no script
    but the server's own file where the page asks for it."""
    style = _STYLE.search(html)
    scripts = "script-src 'self'; " if SCRIPT in html else ""
    allowed = f"'sha256-{digest(style[1])}'" if style else "'none'"
    return (
        f"default-src 'none'; {scripts}style-src {allowed}; img-src data:; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'"
    )


def policy_of_file(path: Path) -> str:
    """The policy of a file of the home: nothing, and of a page its style and the scripts that our pages have had, each
    by its hash, whenever it was published."""
    if path.suffix != ".html":
        return NOTHING
    scripts = " ".join(f"'{one}'" for one in SCRIPTS)
    return f"{NOTHING}; script-src {scripts}; style-src 'unsafe-inline'; img-src data:"


def digest(text: str) -> str:
    """SHA-256 as a policy has it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class Door:
    """Lets in who has the cookie, which the first to come with the token gets; everybody else gets nothing. An ASGI
    application around another.

    `port` is in the names by which the browser may call us and in the cookie's, since browsers keep cookies of all
    ports of a machine together. `close`: ends what the application has under way.
    """

    def __init__(self, app: ASGIApp, *, token: str, port: int, close: Callable[[], None] = lambda: None):
        self._app = app
        self.close = close
        self._token = token
        self._is_used = False
        self._lock = threading.Lock()
        self._session = secrets.token_urlsafe(32)
        self._cookie = f"isf-{port}"
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # neither web sockets nor anything else

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", NOTHING)
            await send(message)

        refused = self._refused(scope)
        await (refused or self._app)(scope, receive, sealed)

    def _refused(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.getlist("host")  # two of them are one too many
        if len(host) != 1 or host[0].lower() not in self._hosts:
            return PlainTextResponse("Ukjent vertsnavn.", 400)
        if any(origin.lower() != f"http://{host[0].lower()}" for origin in headers.getlist("origin")):
            return PlainTextResponse("Forespørselen kommer fra et annet nettsted.", 403)
        if headers.get("sec-fetch-site") in ELSEWHERE and not _is_arrival(scope, headers):
            return PlainTextResponse("Forespørselen kommer fra et annet nettsted.", 403)
        # What is sent must come from a page of our own: browsers say so with every form.
        is_form = scope["method"] == "POST" and _FORMS.fullmatch(scope["path"]) and headers.getlist("origin")
        if scope["method"] not in ("GET", "HEAD") and not is_form:
            return PlainTextResponse("Her kan en bare lese.", 405, {"Allow": "GET, HEAD"})
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST:
            return PlainTextResponse("Adressen er for lang.", 414)
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return PlainTextResponse("Adressen er ugyldig.", 400)
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])
        is_in = same(_cookie(headers, self._cookie), self._session)
        if scope["method"] == "GET" and scope["path"] == "/" and same(given[0], self._token):
            return self._welcome(is_in)
        return None if is_in else PlainTextResponse(NO_KEY, 403)

    def _welcome(self, is_in: bool) -> Response:
        """The answer to the token: the cookie for the first who has it, the front page for who is in already."""
        with self._lock:
            is_first, self._is_used = not self._is_used, True
        if not is_first and not is_in:
            return PlainTextResponse(USED, 403)
        welcome = RedirectResponse("/", 303)
        if is_first:
            welcome.set_cookie(self._cookie, self._session, httponly=True, samesite="strict", path="/")
        return welcome


def _is_arrival(scope: Scope, headers: Headers) -> bool:
    """Whether somebody opens the first address in a tab, from wherever it was written down."""
    is_tab = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return is_tab and scope["method"] == "GET" and scope["path"] == "/"


def same(given: str, known: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell where they differ."""
    return secrets.compare_digest(given.encode("utf-8", "replace"), known.encode())


def _cookie(headers: Headers, name: str) -> str:
    for header in headers.getlist("cookie"):
        for part in header.split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                return value
    return ""
